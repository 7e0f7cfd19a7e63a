/** The words of a message that are not data; only for errors of which nothing else is known. */

const QUOTED = /"[^"\n]*"|'[^'\n]*'|`[^`\n]*`|“[^”\n]*”/g;
const PLAIN_WORD = /^\p{Lu}?\p{Ll}{1,19}$/u;
const MAX_WORDS = 8;
const MAX_READ = 512;

export function messageClass(message: unknown): string {
  if (typeof message !== 'string') return '';
  const [first = ''] = message.slice(0, MAX_READ).split('\n', 1);
  const words = first.replace(QUOTED, ' ').split(/[\s,.;:!?()]+/);
  return words
    .filter((word) => PLAIN_WORD.test(word))
    .slice(0, MAX_WORDS)
    .join(' ')
    .toLowerCase();
}
