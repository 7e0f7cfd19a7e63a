/**
 * The single values of a policy file.
 * @module
 */
import { isBucketId, isProblemId } from '@fr/bucket';
import { INFORMATION_TYPES, informationType, matchesGlob } from '@fr/protocol';
import { BYTES_PATTERN, parseBytes } from '../byte-size.ts';
import { VERSION_PATTERN } from '../version-range.ts';
import type { LeafForm } from './form.ts';

/** One of a few words. */
export function choice(words: readonly string[], what: string): LeafForm {
  return {
    kind: 'leaf',
    schema: { enum: words },
    takes: ['string'],
    read: (text) => words.find((word) => word === text),
    expected: (text) => `"${text}" is not ${what}; there are ${words.join(', ')}`,
    words,
  };
}

/** `on` or `off`; also `true` and `false`, which some editors make of them. */
export const SWITCH: LeafForm = {
  kind: 'leaf',
  schema: { enum: ['on', 'off', true, false] },
  takes: ['string', 'boolean'],
  read: (text) => ({ on: 'on', off: 'off', true: 'on', false: 'off' })[text],
  expected: (text) => `"${text}" is neither on nor off`,
  // The first is meant where two are as near: whoever mistypes a switch is switching off.
  words: ['off', 'on'],
};

/** The version of the file's form. */
export const VERSION_1: LeafForm = {
  kind: 'leaf',
  schema: { const: 1 },
  takes: ['number'],
  read: (text) => (text === '1' ? 1 : undefined),
  expected: () => 'a policy begins with "version: 1"',
};

/** Any text that is not empty, `*` for any run of characters. */
export const GLOB: LeafForm = patterned(
  '^[^\\n]+$',
  () => 'expected a word; * stands for any run of characters',
);

/** A version, or which versions. */
export const VERSIONS: LeafForm = patterned(
  VERSION_PATTERN,
  (text) => `"${text}" is no version and no range; write 1.4.*, or ">=1.2 <2"`,
  ['string', 'number'],
);

/** The origin of a destination. One without a scheme or with a path would never fit anything, so it is an error. */
export const DESTINATION: LeafForm = patterned(
  '^(https?://[^/\\s]+|\\*[^/\\s]*)$',
  (text) => `"${text}" is not a destination; write https://HOST or https://HOST:PORT, without a path`,
);

/** An id, or a glob over ids. */
export const BUCKET: LeafForm = idOf('bucket', 'b', isBucketId);
/** An id, or a glob over ids. */
export const PROBLEM: LeafForm = idOf('problem', 'p', isProblemId);

/** An information type or a glob that fits some. */
export const TYPE: LeafForm = {
  kind: 'leaf',
  takes: ['string'],
  schema: {
    anyOf: [
      { enum: INFORMATION_TYPES },
      { type: 'string', pattern: '^(attachment:|x-)[a-zA-Z0-9_*-]+$' },
      { type: 'string', pattern: '^[a-z:-]*\\*[a-z*:-]*$' },
    ],
  },
  read: (text) => (isTypeOrGlob(text) ? text : undefined),
  expected: (text) =>
    text.includes('*') ? `"${text}" fits no information type` : `"${text}" is not an information type`,
  words: INFORMATION_TYPES,
};

function isTypeOrGlob(text: string): boolean {
  if (!text.includes('*')) return informationType(text) !== undefined;
  if (/^(?:attachment:|x-)[a-zA-Z0-9_*-]+$/.test(text)) return true;
  // The program's own names begin with these: a glob that could mean them is one.
  const own = ['attachment:a', 'x-a'];
  return (
    /^[a-z*:-]+$/.test(text) &&
    ([...INFORMATION_TYPES, ...own].some((type) => matchesGlob(text, type)) || text.startsWith('*'))
  );
}

/** A number of bytes, with a unit where one likes. */
export const BYTES: LeafForm = {
  kind: 'leaf',
  schema: {
    anyOf: [
      { type: 'integer', minimum: 0 },
      { type: 'string', pattern: BYTES_PATTERN },
    ],
  },
  takes: ['string', 'number'],
  read: parseBytes,
  expected: (text) => `"${text}" is not a number of bytes; write 65536, 64 KiB or 3 MB`,
};

/** A time of the day. */
export const TIME: LeafForm = patterned(
  '^([01][0-9]|2[0-3]):[0-5][0-9]$',
  (text) => `"${text}" is not a time of the day; write 22:00`,
);

/** A whole number, 0 or more. */
export const COUNT: LeafForm = {
  kind: 'leaf',
  schema: { type: 'integer', minimum: 0, maximum: 999_999_999 },
  takes: ['number'],
  read: (text) => (/^[0-9]{1,9}$/.test(text) ? Number(text) : undefined),
  expected: (text) => `"${text}" is not a whole number`,
};

/** A key whose value goes: a name, or names joined by dots for one inside another; `*` as in a glob. */
export const KEY: LeafForm = patterned(
  '^[^\\s.]+(\\.[^\\s.]+)*$',
  (text) => `"${text}" is not a key; write a name, or outer.inner`,
);

/** A text that goes wherever it stands; a `*` at its beginning or end takes the rest of the word along. */
export const REMOVED_TEXT: LeafForm = patterned(
  '^\\*?[^*\\n]{3,200}\\*?$',
  (text) =>
    `"${text}" cannot be looked for; write 3 to 200 characters, a * only at the beginning or the end of them`,
);

function patterned(
  pattern: string,
  expected: (text: string) => string,
  takes: LeafForm['takes'] = ['string'],
): LeafForm {
  const form = new RegExp(pattern);
  return {
    kind: 'leaf',
    schema: { type: takes.length === 1 ? takes[0] : takes, pattern },
    takes,
    asWritten: true,
    read: (text) => (form.test(text) ? text : undefined),
    expected,
  };
}

function idOf(what: string, letter: string, isId: (text: string) => boolean): LeafForm {
  return {
    kind: 'leaf',
    takes: ['string'],
    schema: { type: 'string', pattern: `^(${letter}[a-z2-7]{26}|[a-z2-7*]*\\*[a-z2-7*]*)$` },
    read: (text) => (isId(text) || /^[a-z2-7]*\*[a-z2-7*]*$/.test(text) ? text : undefined),
    expected: (text) =>
      `"${text}" is not the id of a ${what}: "${letter}" and 26 letters and digits, as \`fr-admin ${what}s\` lists them`,
  };
}
