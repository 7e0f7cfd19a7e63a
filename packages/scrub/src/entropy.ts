import {
  ALNUM,
  BASE64_SIGN,
  classesOf,
  codeAt,
  DASH,
  DIGIT,
  HEX,
  is,
  LOWER,
  PADDING,
  skip,
  skipAll,
  spells,
  UNDERSCORE,
  UPPER,
} from './scanning/character.ts';

/**
 * Whether a value was made by a random generator and not by a person. Two measures together: how many bits its
 * characters carry (Shannon), and how often the class of character changes from one to the next. Names in camelCase
 * have the first, but change class only at their humps. Digests in hex and ids in lower-case base32 are left alone.
 */

/** Shorter values carry too little to tell. */
const SHORTEST = 20;
const LONGEST = 512;
/** Lower-case base36 looks like an id until it is longer than any id in use. */
const SHORTEST_ONE_CASE = 32;
const LEAST_BITS = 3.4;
const LEAST_CHANGES = 0.3;
const LEAST_CHANGES_WITHOUT_DIGIT = 0.42;
const LEAST_CHANGES_ONE_CASE = 0.25;

/** What a random value is made of. */
export const RUN: number = ALNUM | UNDERSCORE | DASH | BASE64_SIGN;
const CASES: number = UPPER | LOWER | DIGIT;
const counts: Uint16Array = new Uint16Array(128);

/**
 * The end of the random value that begins at `start`. Where there is none, `~` of how far it read, a negative number: at
 * most 514 characters.
 */
export function looksRandom(codes: Uint8Array, start: number): number {
  let end = start;
  let seen = 0;
  let changes = 0;
  let joints = 0;
  let hex = true;
  let last = 0;
  const limit = start + LONGEST;
  for (; end < limit; end += 1) {
    const classes = classesOf(codeAt(codes, end));
    if ((classes & RUN) === 0) break;
    const kind = classes & CASES;
    if (kind !== last) changes += 1;
    if (kind === 0) joints += 1;
    if ((classes & HEX) === 0) hex = false;
    seen |= kind;
    last = kind;
  }
  const length = end - start;
  if (length < SHORTEST || hex || !mixesEnough(seen, length, changes)) return ~(end + 1);
  if (isReadable(codes, start, end, joints) || bitsPerCharacter(codes, start, end) < LEAST_BITS) {
    return ~(end + 2);
  }
  end = skipAll(codes, end, RUN);
  return skip(codes, end, PADDING, end + 2);
}

function isReadable(codes: Uint8Array, start: number, end: number, joints: number): boolean {
  if (continuesAsName(codes, end) || startsAsHash(codes, start)) return true;
  return joints >= 3 && hasPathShape(codes, start, end, joints);
}

/** True when a value that begins at `start` may be long enough to tell: spares reading most of them. */
export function mayBeLong(codes: Uint8Array, start: number): boolean {
  return (
    is(codeAt(codes, start + SHORTEST - 1), RUN) &&
    is(codeAt(codes, start + 2), RUN) &&
    is(codeAt(codes, start + 5), RUN) &&
    is(codeAt(codes, start + 7), RUN) &&
    is(codeAt(codes, start + 11), RUN)
  );
}

function mixesEnough(seen: number, length: number, changes: number): boolean {
  const bothCases = (seen & UPPER) !== 0 && (seen & LOWER) !== 0;
  const digits = (seen & DIGIT) !== 0;
  if (bothCases) return changes >= length * (digits ? LEAST_CHANGES : LEAST_CHANGES_WITHOUT_DIGIT);
  return digits && length >= SHORTEST_ONE_CASE && changes >= length * LEAST_CHANGES_ONE_CASE;
}

/** A file name with an ending, a call, a scoped package: the run is only the first part of something readable. */
function continuesAsName(codes: Uint8Array, end: number): boolean {
  const next = codeAt(codes, end);
  if (next === 40 || next === 64 || next === 58) return true;
  return next === 46 && (classesOf(codeAt(codes, end + 1)) & ALNUM) !== 0;
}

function startsAsHash(codes: Uint8Array, start: number): boolean {
  return spells(codes, start, 'sha') && (codeAt(codes, start + 6) === 45 || codeAt(codes, start + 4) === 45);
}

/** Words between slashes or dashes: a path or a UUID, not base64. */
function hasPathShape(codes: Uint8Array, start: number, end: number, joints: number): boolean {
  let longest = 0;
  let part = 0;
  for (let at = start; at < end; at += 1) {
    const alnum = (classesOf(codeAt(codes, at)) & ALNUM) !== 0;
    part = alnum ? part + 1 : 0;
    longest = Math.max(longest, part);
  }
  return longest < 14 && joints * 9 >= end - start;
}

/** Shannon: log2(n) less the mean of log2 of each character's count; a count of one takes nothing away. */
function bitsPerCharacter(codes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at += 1) {
    const code = codeAt(codes, at);
    counts[code] = (counts[code] ?? 0) + 1;
  }
  let less = 0;
  for (let at = start; at < end; at += 1) {
    const code = codeAt(codes, at);
    const count = counts[code] ?? 0;
    if (count > 1) less += count * Math.log2(count);
    counts[code] = 0;
  }
  const length = end - start;
  return Math.log2(length) - less / length;
}
