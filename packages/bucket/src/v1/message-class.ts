/** The words of a message that are not data; only for errors of which nothing else is known. */
import { stringOf } from '../total.ts';

const QUOTED = /"[^"\n]*"|'[^'\n]*'|`[^`\n]*`|“[^”\n]*”/g;
const PLAIN_WORD = /^\p{Lu}?\p{Ll}{1,19}$/u;
const MAX_WORDS = 8;
const MAX_READ = 512;

export function messageClass(message: unknown): string {
  const [first = ''] = stringOf(message).slice(0, MAX_READ).split('\n', 1);
  const words = first.replace(QUOTED, ' ').split(/[\s,.;:!?()]+/);
  const plain = words.filter((word) => PLAIN_WORD.test(word));
  return plain.slice(0, MAX_WORDS).join(' ').toLowerCase();
}
