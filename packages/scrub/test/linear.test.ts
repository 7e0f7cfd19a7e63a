import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { scrubText } from '../src/index.ts';
import { HOSTILE_PARTS } from './corpus/hostile.ts';

/**
 * Counts the characters that are read, not the time. Every way in which the scanner reads a text is a method of
 * `String` or `RegExp`, so that these, counted, are its steps.
 */
const kept = {
  charCodeAt: String.prototype.charCodeAt,
  startsWith: String.prototype.startsWith,
  endsWith: String.prototype.endsWith,
  slice: String.prototype.slice,
  indexOf: String.prototype.indexOf,
  exec: RegExp.prototype.exec,
};
let steps = 0;

beforeAll(() => {
  String.prototype.charCodeAt = function (this: string, at) {
    steps += 1;
    return kept.charCodeAt.call(this, at);
  };
  String.prototype.startsWith = function (this: string, wanted, at) {
    steps += wanted.length;
    return kept.startsWith.call(this, wanted, at);
  };
  String.prototype.endsWith = function (this: string, wanted, at) {
    steps += wanted.length;
    return kept.endsWith.call(this, wanted, at);
  };
  String.prototype.slice = function (this: string, from, to) {
    const part = kept.slice.call(this, from, to);
    steps += part.length;
    return part;
  };
  String.prototype.indexOf = function (this: string, wanted, from) {
    const found = kept.indexOf.call(this, wanted, from);
    steps += (found < 0 ? this.length : found) - (from ?? 0);
    return found;
  };
  RegExp.prototype.exec = function (this: RegExp, text: string) {
    steps += text.length;
    return kept.exec.call(this, text);
  };
});

afterAll(() => {
  const { exec, ...methods } = kept;
  Object.assign(String.prototype, methods);
  RegExp.prototype.exec = exec;
});

function stepsFor(part: string, size: number): number {
  const text = part.repeat(Math.ceil(size / part.length));
  steps = 0;
  scrubText(text);
  return steps / text.length;
}

/** Reads for each character of a text, whatever the text. */
const MOST = 40;

it.each(HOSTILE_PARTS)('reads ever more of %j only so often', (part) => {
  const few = stepsFor(part, 3_000);
  const many = stepsFor(part, 60_000);
  expect(many).toBeLessThan(MOST);
  expect(many).toBeLessThan(few * 1.5 + 1);
});

it('reads any mixture of what wakes it only so often', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...HOSTILE_PARTS), { minLength: 1, maxLength: 6 }), (parts) => {
      expect(stepsFor(parts.join(''), 6_000)).toBeLessThan(MOST);
    }),
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
