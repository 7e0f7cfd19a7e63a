import { FOREIGN_CONTROL, FOREIGN_LETTER, FOREIGN_SIGN, LINE_FEED } from './character.ts';

/**
 * A text as the detectors read it: one byte for each character, so that a look at one is a look into an array. Made
 * once for each pass. The sheet of short texts is used again for the next one: it belongs to whoever took it last.
 */

/** Line feeds behind the text, so that a detector may look ahead without asking where the text ends. */
const MARGIN = 128;
/** Longer texts get a sheet of their own, which goes with them. */
const KEPT = 1 << 16;
/** Below, the encoder costs more than it spares. */
const WORTH_ENCODING = 64;

let kept: Uint8Array = new Uint8Array(0);
const encoder = new TextEncoder();

/** The codes of the characters of `text` (`character.ts`), with line feeds behind them. */
export function sheetOf(text: string): Uint8Array {
  const codes = blank(text.length + MARGIN);
  if (!encode(text, codes)) copy(text, codes);
  codes.fill(LINE_FEED, text.length, text.length + MARGIN);
  return codes;
}

/** In UTF-8 only ASCII has as many bytes as characters, and then the bytes are the codes. */
function encode(text: string, codes: Uint8Array): boolean {
  if (text.length < WORTH_ENCODING) return false;
  const { read, written } = encoder.encodeInto(text, codes);
  return read === text.length && written === text.length;
}

function copy(text: string, codes: Uint8Array): void {
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    codes[at] = unit < 128 ? unit : foreignCode(unit);
  }
}

/** The code of a character above ASCII. Unicode keeps blanks, dashes and quotes at 0x2000. */
function foreignCode(unit: number): number {
  if ((unit >= 0xc0 && unit < 0x2000) || (unit >= 0x3040 && unit < 0xd800)) return FOREIGN_LETTER;
  return unit > 0xa0 ? FOREIGN_SIGN : FOREIGN_CONTROL;
}

function blank(size: number): Uint8Array {
  if (size > KEPT) return new Uint8Array(size);
  if (kept.length < size) kept = new Uint8Array(Math.min(KEPT, Math.max(1024, size * 2)));
  return kept;
}
