import { classesOf, DASH, DIGIT, DOT, LETTER, LOWER, UNDERSCORE, UPPER } from './character.ts';
import { PHRASES, type Phrase } from './phrases.ts';

/**
 * The secret-key list in the form the scanner asks: a trie of the phrases read backwards, walked over the key in the
 * text itself, so that a key costs a few comparisons and no copy.
 */
export interface SecretKeys {
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
  const nodes = 1 + all.reduce((sum, phrase) => sum + phrase.text.length, 0);
  const next = new Uint16Array(nodes * LETTERS);
  const phraseAt: (Phrase | undefined)[] = [undefined];
  for (const phrase of all) {
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

/** The phrase that makes the key at `start`…`end` of the text a secret one, if any. */
export function judgeKey(keys: SecretKeys, text: string, start: number, end: number): Phrase | undefined {
  if (end - start < SHORTEST_KEY) return undefined;
  let last = end;
  while (last > start && (classesOf(text.charCodeAt(last - 1)) & (SEPARATOR | DIGIT)) !== 0) last -= 1;
  const atEnd = phraseEndingAt(keys, text, start, last, true);
  if (atEnd !== undefined) return atEnd.takes === 'nothing' ? undefined : atEnd;
  for (let to = last - 1; to > start; to -= 1) {
    const found = phraseEndingAt(keys, text, start, to, false);
    if (found !== undefined) return found;
  }
  return undefined;
}

function phraseEndingAt(
  keys: SecretKeys,
  text: string,
  start: number,
  end: number,
  isEnd: boolean,
): Phrase | undefined {
  let node = 0;
  let longest: Phrase | undefined;
  for (let at = end - 1; at >= start; at -= 1) {
    const code = text.charCodeAt(at);
    const classes = classesOf(code);
    if ((classes & SEPARATOR) !== 0 && node !== 0) continue;
    if ((classes & LETTER) === 0) break;
    node = keys.next[node * LETTERS + (code | 32) - 97] ?? 0;
    if (node === 0) break;
    const phrase = keys.phraseAt[node];
    if (phrase !== undefined && counts(phrase, text, start, at, isEnd)) longest = phrase;
  }
  return longest;
}

function counts(phrase: Phrase, text: string, start: number, at: number, isEnd: boolean): boolean {
  switch (phrase.where) {
    case 'anywhere':
      return !text.startsWith('ecretar', at + 1);
    case 'end':
      return isEnd;
    case 'last-word':
      return isEnd && wordStarts(text, start, at);
    case 'extension':
      return isEnd && at > start && text[at - 1] === '.';
  }
}

function wordStarts(text: string, start: number, at: number): boolean {
  if (at === start) return true;
  const previous = classesOf(text.charCodeAt(at - 1));
  if ((previous & LETTER) === 0) return true;
  return (previous & LOWER) !== 0 && (classesOf(text.charCodeAt(at)) & UPPER) !== 0;
}
