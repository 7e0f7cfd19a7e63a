import { Session } from 'node:inspector/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { scrubText } from '../src/index.ts';
import { BRED_PARTS, HOSTILE_PARTS } from './corpus/hostile.ts';

/**
 * Counts steps, not time: how often the engine entered each block of the package's code, which for a loop is each round
 * of it, and beside that what the methods of `String` and `RegExp` read in one call.
 */
const session = new Session();
const kept = {
  slice: String.prototype.slice,
  indexOf: String.prototype.indexOf,
  startsWith: String.prototype.startsWith,
  exec: RegExp.prototype.exec,
};
let read = 0;

beforeAll(async () => {
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  String.prototype.slice = function (this: string, from, to) {
    const part = kept.slice.call(this, from, to);
    read += part.length;
    return part;
  };
  String.prototype.indexOf = function (this: string, wanted, from) {
    const found = kept.indexOf.call(this, wanted, from);
    read += (found < 0 ? this.length : found) - (from ?? 0);
    return found;
  };
  String.prototype.startsWith = function (this: string, wanted, at) {
    read += wanted.length;
    return kept.startsWith.call(this, wanted, at);
  };
  RegExp.prototype.exec = function (this: RegExp, text: string) {
    read += text.length;
    return kept.exec.call(this, text);
  };
});

afterAll(() => {
  const { exec, ...methods } = kept;
  Object.assign(String.prototype, methods);
  RegExp.prototype.exec = exec;
  session.disconnect();
});

/** Steps for each character of `size` characters of repeated `part`. */
async function stepsFor(part: string, size: number): Promise<number> {
  const text = part.repeat(Math.ceil(size / part.length));
  await session.post('Profiler.takePreciseCoverage');
  read = 0;
  scrubText(text);
  const { result } = await session.post('Profiler.takePreciseCoverage');
  const own = result.filter(({ url }) => url.includes('/scrub/src/'));
  const blocks = own.flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges));
  return (blocks.reduce((sum, { count }) => sum + count, 0) + read) / text.length;
}

/** Steps for each character of one pass over a text, whatever the text; and of all passes together. */
const MOST = 40;
const MOST_AGAIN = 5 * MOST;

it.each(HOSTILE_PARTS)('reads ever more of %j only so often', async (part) => {
  const few = await stepsFor(part, 3_000);
  const many = await stepsFor(part, 60_000);
  expect(many).toBeLessThan(MOST);
  expect(many).toBeLessThan(few * 1.5 + 1);
});

it.each(BRED_PARTS)('reads ever more of %j, bred to be slow, only so often', async (part) => {
  const few = await stepsFor(part, 3_000);
  const many = await stepsFor(part, 60_000);
  expect(many).toBeLessThan(MOST_AGAIN);
  expect(many).toBeLessThan(few * 1.5 + 1);
});

it('reads any mixture of what wakes it only so often', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...HOSTILE_PARTS), { minLength: 1, maxLength: 6 }),
      async (parts) => {
        expect(await stepsFor(parts.join(''), 6_000)).toBeLessThan(MOST_AGAIN);
      },
    ),
    { numRuns: 300 },
  );
});

it('never gives back much more than it was given', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...HOSTILE_PARTS), { maxLength: 12 }), (parts) => {
      const text = parts.join('');
      const { text: scrubbed, removed } = scrubText(text);
      const count = removed.reduce((sum, removal) => sum + removal.count, 0);
      expect(scrubbed.length).toBeLessThanOrEqual(text.length + count * '[removed:url-credentials]'.length);
    }),
    { numRuns: 1000 },
  );
});
