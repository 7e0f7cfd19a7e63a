import {
  classesOf,
  codeAt,
  DASH,
  DIGIT,
  DOT,
  is,
  LETTER,
  LOWER,
  skipBack,
  spells,
  UNDERSCORE,
  UPPER,
} from '../scanning/character.ts';
import { PHRASES, type Phrase } from './phrases.ts';

/**
 * The secret-key list in the form the scanner asks: the phrases read backwards, as trees that are walked over the key in
 * the text itself, so that a key costs a look-up or two for each letter and no copy.
 */
export interface SecretKeys {
  /** All phrases, as they stand at the end of a key. */
  readonly atEnd: Trie;
  /** The phrases that count anywhere. */
  readonly anywhere: Trie;
}

interface Trie {
  /** `next[node * 32 + column]`: the next node, 0 for none; with `PHRASE` where a phrase begins there. */
  readonly next: Uint16Array;
  readonly phraseAt: readonly (Phrase | undefined)[];
  /** The length of the shortest phrase. */
  readonly shortest: number;
}

/** The longest key that is looked at, in characters before its separator. */
export const KEY_LIMIT = 80;

const SHORTEST_KEY = 3;
const A_CODE = 97;
const PHRASE = 0x8000;
const NODE = 0x7fff;
/** The columns behind those of the letters: a separator inside a key leaves things as they are, anything else ends it. */
const SEPARATOR_COLUMN = 26;
const OTHER_COLUMN = 27;
const WIDTH = 32;
const SEPARATOR: number = UNDERSCORE | DASH | DOT;
const COLUMNS: Uint8Array = columns();

function columns(): Uint8Array {
  const table = new Uint8Array(256).fill(OTHER_COLUMN);
  for (let code = 0; code < 128; code += 1) {
    if (is(code, SEPARATOR)) table[code] = SEPARATOR_COLUMN;
    if (is(code, LETTER)) table[code] = (code | 32) - A_CODE;
  }
  return table;
}

/** The built-in list with the site's or the developer's own keys in front. */
export function secretKeys(extraKeys: readonly string[]): SecretKeys {
  const own = extraKeys
    .map((key) => key.toLowerCase().replace(/[^a-z]/g, ''))
    .filter((text) => text.length >= SHORTEST_KEY)
    .map((text): Phrase => ({ text, where: 'last-word', takes: 'value', rule: 'secret' }));
  const all = [...PHRASES, ...own];
  return { atEnd: trieOf(all), anywhere: trieOf(all.filter(({ where }) => where === 'anywhere')) };
}

function trieOf(phrases: readonly Phrase[]): Trie {
  const nodes = 1 + phrases.reduce((sum, phrase) => sum + phrase.text.length, 0);
  const next = new Uint16Array(nodes * WIDTH);
  const phraseAt: (Phrase | undefined)[] = [undefined];
  for (const phrase of phrases) {
    let slot = 0;
    let node = 0;
    for (let index = phrase.text.length - 1; index >= 0; index -= 1) {
      slot = node * WIDTH + phrase.text.charCodeAt(index) - A_CODE;
      if (next[slot] === 0) {
        const grown = phraseAt.push(undefined) - 1;
        next[slot] = grown;
        next[grown * WIDTH + SEPARATOR_COLUMN] = grown;
      }
      node = (next[slot] ?? 0) & NODE;
    }
    phraseAt[node] = phrase;
    next[slot] = node | PHRASE;
  }
  return { next, phraseAt, shortest: Math.min(...phrases.map(({ text }) => text.length)) };
}

/** The phrase that makes the key at `start`…`end` of the text a secret one, if any. */
export function judgeKey(
  keys: SecretKeys,
  codes: Uint8Array,
  start: number,
  end: number,
): Phrase | undefined {
  if (end - start < SHORTEST_KEY) return undefined;
  const last = skipBack(codes, end, SEPARATOR | DIGIT, start);
  const atEnd = phraseAtEnd(keys.atEnd, codes, start, last);
  if (atEnd !== undefined) return atEnd.takes === 'nothing' ? undefined : atEnd;
  return last - start < keys.anywhere.shortest
    ? undefined
    : phraseAnywhere(keys.anywhere, codes, start, last);
}

/** Walks the tree from every letter; nearly all walks end at their first or second step, none takes more than a phrase. */
function phraseAnywhere(trie: Trie, codes: Uint8Array, start: number, end: number): Phrase | undefined {
  for (let last = end; last - start >= trie.shortest; last -= 1) {
    const phrase = phraseAtEnd(trie, codes, start, last);
    if (phrase !== undefined) return phrase;
  }
  return undefined;
}

/** The longest phrase at the end of the key. */
function phraseAtEnd(
  { next, phraseAt }: Trie,
  codes: Uint8Array,
  start: number,
  end: number,
): Phrase | undefined {
  let node = 0;
  let longest: Phrase | undefined;
  for (let at = end - 1; at >= start; at -= 1) {
    node = next[(node & NODE) * WIDTH + (COLUMNS[codeAt(codes, at)] ?? 0)] ?? 0;
    if (node === 0) break;
    if ((node & PHRASE) === 0) continue;
    const phrase = phraseAt[node & NODE];
    if (phrase !== undefined && counts(phrase, codes, start, at)) longest = phrase;
  }
  return longest;
}

function counts(phrase: Phrase, codes: Uint8Array, start: number, at: number): boolean {
  switch (phrase.where) {
    case 'anywhere':
      return !spells(codes, at + 1, 'ecretar');
    case 'end':
      return true;
    case 'last-word':
      return wordStarts(codes, start, at);
    case 'extension':
      return at > start && codeAt(codes, at - 1) === 46;
  }
}

function wordStarts(codes: Uint8Array, start: number, at: number): boolean {
  if (at === start) return true;
  const previous = classesOf(codeAt(codes, at - 1));
  if ((previous & LETTER) === 0) return true;
  return (previous & LOWER) !== 0 && (classesOf(codeAt(codes, at)) & UPPER) !== 0;
}
