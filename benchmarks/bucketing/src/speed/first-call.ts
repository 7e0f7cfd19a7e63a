/**
 * What a crash pays: the first call in a fresh process. A child imports the bundled core entry, as a host has it,
 * and times the import and the first `bucketOf`, with nothing before it.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { printSpread, spreadOf } from './measure.ts';

const CHILDREN = 11;

interface Times {
  readonly load: number;
  readonly first: number;
  readonly id: number;
  readonly second: number;
}

export function printFirstCalls(): void {
  console.log(`\nFirst call in a fresh process, milliseconds, median of ${CHILDREN} (a tenth lies beyond)`);
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'fr-speed-')));
  try {
    bundleInto(folder);
    writeFileSync(join(folder, 'package.json'), '{ "name": "shop", "version": "1.2.0", "type": "module" }');
    writeFileSync(join(folder, 'child.js'), CHILD);
    for (const [label, mode] of MODES) printMode(label, mode, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const MODES = [
  ['without source', 'none'],
  ['with a source look-up', 'source'],
] as const;

function bundleInto(folder: string): void {
  const entryPoint = fileURLToPath(import.meta.resolve('@fr/bucket'));
  buildSync({
    entryPoints: [entryPoint],
    outfile: join(folder, 'bucket.js'),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['@fr/source'],
  });
}

function printMode(label: string, mode: string, folder: string): void {
  const runs = Array.from({ length: CHILDREN }, () => {
    const output = execFileSync(process.execPath, [join(folder, 'child.js'), mode], { encoding: 'utf8' });
    return JSON.parse(output) as Times;
  });
  console.log(`  ${label}`);
  for (const key of ['load', 'first', 'id', 'second'] as const) {
    console.log(
      `    ${LABELS[key].padEnd(34)} ${printSpread(spreadOf(runs.map((run) => run[key])), 'ms', 3)}`,
    );
  }
}

const LABELS = {
  load: 'import',
  first: 'first bucketOf',
  id: 'then bucketId',
  second: 'second bucketOf, another error',
} as const;

const CHILD = `
import { readFileSync } from 'node:fs';
const FILLER = Array.from({ length: 150 }, (_, at) => 'export function step' + at + '(items) {\\n  return items.map((item) => item.price * ' + at + ');\\n}\\n').join('');
function fail(items) { return outer(() => items.price.amount); }
function outer(call) { return call(); }
const clock = () => process.hrtime.bigint();
function facts(run) {
  try { run(); } catch ({ name, message, stack }) { return { name, message, stack }; }
}
const one = facts(() => fail({}));
const two = facts(() => outer(() => fail({ price: null })));
const mode = process.argv[2];
const own = readFileSync(new URL(import.meta.url), 'utf8');
const text = own + '\\n' + FILLER;
const source = mode === 'source' ? (file) => (file.endsWith('child.js') ? text : undefined) : undefined;
const failureOf = (error) => ({ kind: 'error', program: 'shop', programVersion: '1.2.0', error, source });
clock();
const started = clock();
const { bucketId, bucketOf } = await import('./bucket.js');
const loaded = clock();
const bucket = bucketOf(failureOf(one));
const found = clock();
bucketId(bucket);
const named = clock();
bucketOf(failureOf(two));
const again = clock();
const ms = (from, to) => Number(to - from) / 1e6;
console.log(JSON.stringify({ load: ms(started, loaded), first: ms(loaded, found), id: ms(found, named), second: ms(named, again) }));
`;
