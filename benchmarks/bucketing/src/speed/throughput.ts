/**
 * How many stacks of 20 frames go through in a CPU second: `bucketOf`, which decides, beside a parser, which only
 * parses. Both get the same stacks, no two of them alike, and take turns.
 */
import type { ErrorFailure } from '@fr/bucket';
import { bucketId, bucketOf } from '@fr/bucket';
import { parse } from 'error-stack-parser-es';
import { cpuMicroseconds, printSpread, spreadOf } from './measure.ts';

const PAIRS = 15;
const STACKS = 2000;

type Shape = 'own frame on top' | 'own frame below ten of modules' | 'no own frame';

interface Thrown extends Error {
  readonly stack: string;
}

export function printThroughput(): void {
  console.log(`\nStacks of 20 frames per CPU second, medians of ${PAIRS} pairs (a tenth lies beyond)`);
  const shapes: readonly Shape[] = ['own frame on top', 'own frame below ten of modules', 'no own frame'];
  let serial = 0;
  for (const shape of shapes) {
    const pairs = Array.from({ length: PAIRS + 3 }, (_, turn) => {
      const thrown = Array.from({ length: STACKS }, () => thrownError(shape, serial++));
      const failures = thrown.map(failureOf);
      const before = turn % 2 === 0 ? perSecond(() => each(thrown, parseOne)) : undefined;
      const bucket = perSecond(() => each(failures, bucketOne));
      const both = perSecond(() => each(failures, identify));
      const parser = before ?? perSecond(() => each(thrown, parseOne));
      return { bucket, both, parser, ratio: bucket / parser, ratioWithId: both / parser };
    }).slice(3);
    console.log(`  ${shape}`);
    for (const key of ['bucket', 'both', 'parser', 'ratio', 'ratioWithId'] as const) {
      const isRatio = key.startsWith('ratio');
      const spread = spreadOf(pairs.map((pair) => pair[key]));
      console.log(
        `    ${LABELS[key].padEnd(34)} ${printSpread(spread, isRatio ? '×' : '/s', isRatio ? 2 : 0)}`,
      );
    }
  }
  console.log(`  (${sink} characters and frames)`);
}

const LABELS = {
  bucket: 'bucketOf',
  both: 'bucketOf and bucketId',
  parser: 'error-stack-parser-es, parse',
  ratio: 'bucketOf / parse',
  ratioWithId: 'bucketOf and bucketId / parse',
} as const;

function perSecond(work: () => void): number {
  return (STACKS * 1e6) / cpuMicroseconds(work);
}

function each<T>(values: readonly T[], work: (value: T) => void): void {
  for (const value of values) work(value);
}

function parseOne(error: Error): void {
  sink += parse(error).length;
}

function bucketOne(failure: ErrorFailure): void {
  sink += bucketOf(failure).location.length;
}

function identify(failure: ErrorFailure): void {
  sink += bucketId(bucketOf(failure)).length;
}

/** Printed at the end, so that no work is left out as useless. */
let sink = 0;

function failureOf({ name, message, stack }: Thrown): ErrorFailure {
  return { kind: 'error', program: 'shop', programVersion: '1.2.0', error: { name, message, stack } };
}

function thrownError(shape: Shape, serial: number): Thrown {
  const message = `Cannot read properties of undefined (reading 'price${serial}')`;
  const lines = Array.from({ length: 20 }, (_, at) => frameLine(shape, at, serial));
  return { name: 'TypeError', message, stack: `TypeError: ${message}\n${lines.join('\n')}` };
}

function frameLine(shape: Shape, at: number, serial: number): string {
  const place = `${(serial % 900) + at + 1}:${at + 7}`;
  const ownFrom = shape === 'own frame on top' ? 0 : shape === 'no own frame' ? 17 : 10;
  if (at >= 17) return `    at node:internal/modules/cjs/loader:${place}`;
  if (at < ownFrom) {
    return `    at Layer.handle${serial} [as handle_request] (/srv/app/node_modules/express/lib/router/layer.js:${place})`;
  }
  return `    at ${at % 3 === 0 ? 'async ' : ''}Cart.step${serial} (/srv/app/src/cart/step-${at}.js:${place})`;
}
