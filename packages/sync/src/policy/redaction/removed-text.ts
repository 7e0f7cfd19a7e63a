/**
 * Texts that go wherever they stand, whatever their case; a `*` at either end takes the rest of the word along. Time is
 * linear in the text for each of them.
 * @module
 */

/** The text with every one of the texts replaced. */
export function removeTexts(text: string, texts: readonly string[], marker: string): string {
  return texts.reduce((left, each) => removeText(left, each, marker), text);
}

function removeText(text: string, wanted: string, marker: string): string {
  const core = wanted.replace(/^\*|\*$/g, '');
  const found = new RegExp(core.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'), 'gi');
  const pieces: string[] = [];
  let copied = 0;
  for (let hit = found.exec(text); hit; hit = found.exec(text)) {
    let start = hit.index;
    let end = start + hit[0].length;
    if (wanted.startsWith('*')) while (start > copied && isWord(text.charCodeAt(start - 1))) start -= 1;
    if (wanted.endsWith('*')) while (end < text.length && isWord(text.charCodeAt(end))) end += 1;
    pieces.push(text.slice(copied, start), marker);
    copied = end;
    found.lastIndex = end;
  }
  return copied === 0 ? text : `${pieces.join('')}${text.slice(copied)}`;
}

/** Letters, digits and what holds the parts of a name or an address together; everything beyond ASCII. */
function isWord(code: number): boolean {
  return code >= 0x80 || /[A-Za-z0-9_.%+@-]/.test(String.fromCharCode(code));
}
