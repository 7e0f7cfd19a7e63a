import {
  classesOf,
  codeAt,
  DASH,
  DIGIT,
  DOT,
  LETTER,
  LOWER,
  spells,
  UNDERSCORE,
  UPPER,
} from './character.ts';
import { PHRASES, type Phrase } from './phrases.ts';

/**
 * The secret-key list in the form the scanner asks: the phrases read backwards, as an automaton that is walked once over
 * the key in the text itself, so that a key costs a look-up for each letter and no copy.
 */
export interface SecretKeys {
  /** All phrases, as they stand at the end of a key. */
  readonly atEnd: Trie;
  /** The phrases that count anywhere; each letter leads to a node, also where it breaks off a phrase. */
  readonly anywhere: Trie;
}

interface Trie {
  /** `next[node * 26 + letter]`, 0 for none. */
  readonly next: Uint16Array;
  readonly phraseAt: readonly (Phrase | undefined)[];
}

/** The longest key that is looked at, in characters before its separator. */
export const KEY_LIMIT = 80;

const LETTERS = 26;
const SHORTEST_KEY = 3;
const SEPARATOR: number = UNDERSCORE | DASH | DOT;

/** The built-in list with the site's or the developer's own keys in front. */
export function secretKeys(extraKeys: readonly string[]): SecretKeys {
  const own = extraKeys
    .map((key) => key.toLowerCase().replace(/[^a-z]/g, ''))
    .filter((text) => text.length >= SHORTEST_KEY)
    .map((text): Phrase => ({ text, where: 'last-word', takes: 'value', rule: 'secret' }));
  const all = [...PHRASES, ...own];
  return { atEnd: trieOf(all), anywhere: automatonOf(all.filter(({ where }) => where === 'anywhere')) };
}

function trieOf(phrases: readonly Phrase[]): Trie {
  const nodes = 1 + phrases.reduce((sum, phrase) => sum + phrase.text.length, 0);
  const next = new Uint16Array(nodes * LETTERS);
  const phraseAt: (Phrase | undefined)[] = [undefined];
  for (const phrase of phrases) {
    let node = 0;
    for (let index = phrase.text.length - 1; index >= 0; index -= 1) {
      const slot = node * LETTERS + phrase.text.charCodeAt(index) - 97;
      if (next[slot] === 0) next[slot] = phraseAt.push(undefined) - 1;
      node = next[slot] ?? 0;
    }
    phraseAt[node] = phrase;
  }
  return { next, phraseAt };
}

/** Aho and Corasick: a letter that does not go on leads where the longest end of what was read goes on. */
function automatonOf(phrases: readonly Phrase[]): Trie {
  const { next, phraseAt } = trieOf(phrases);
  const ends = [...phraseAt];
  const shorter = new Uint16Array(phraseAt.length);
  const queue = [0];
  for (let head = 0; head < queue.length; head += 1) {
    const node = queue[head] ?? 0;
    const back = shorter[node] ?? 0;
    ends[node] ??= ends[back];
    for (let letter = 0; letter < LETTERS; letter += 1) {
      const child = next[node * LETTERS + letter] ?? 0;
      const otherwise = node === 0 ? 0 : (next[back * LETTERS + letter] ?? 0);
      if (child === 0) next[node * LETTERS + letter] = otherwise;
      else {
        shorter[child] = otherwise;
        queue.push(child);
      }
    }
  }
  return { next, phraseAt: ends };
}

/** The phrase that makes the key at `start`…`end` of the text a secret one, if any. */
export function judgeKey(
  keys: SecretKeys,
  codes: Uint8Array,
  start: number,
  end: number,
): Phrase | undefined {
  if (end - start < SHORTEST_KEY) return undefined;
  let last = end;
  while (last > start && (classesOf(codeAt(codes, last - 1)) & (SEPARATOR | DIGIT)) !== 0) last -= 1;
  const atEnd = phraseAtEnd(keys.atEnd, codes, start, last);
  if (atEnd !== undefined) return atEnd.takes === 'nothing' ? undefined : atEnd;
  return phraseAnywhere(keys.anywhere, codes, start, last);
}

function phraseAnywhere(
  { next, phraseAt }: Trie,
  codes: Uint8Array,
  start: number,
  end: number,
): Phrase | undefined {
  let node = 0;
  for (let at = end - 1; at >= start; at -= 1) {
    const code = codeAt(codes, at);
    const classes = classesOf(code);
    if ((classes & LETTER) === 0) {
      if ((classes & SEPARATOR) === 0) node = 0;
      continue;
    }
    node = next[node * LETTERS + (code | 32) - 97] ?? 0;
    const phrase = node === 0 ? undefined : phraseAt[node];
    if (phrase !== undefined && counts(phrase, codes, start, at)) return phrase;
  }
  return undefined;
}

function phraseAtEnd(
  { next, phraseAt }: Trie,
  codes: Uint8Array,
  start: number,
  end: number,
): Phrase | undefined {
  let node = 0;
  let longest: Phrase | undefined;
  for (let at = end - 1; at >= start; at -= 1) {
    const code = codeAt(codes, at);
    const classes = classesOf(code);
    if ((classes & SEPARATOR) !== 0 && node !== 0) continue;
    if ((classes & LETTER) === 0) break;
    node = next[node * LETTERS + (code | 32) - 97] ?? 0;
    if (node === 0) break;
    const phrase = phraseAt[node];
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
