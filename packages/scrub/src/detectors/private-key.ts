import { type Detector, type Finding, finding } from '../detector.ts';
import {
  ALNUM,
  BLANK,
  codeAt,
  DASH,
  is,
  KEY_BODY,
  LINE_END,
  skip,
  skipBack,
  spells,
} from '../scanning/character.ts';
import { before, type Page } from '../scanning/page.ts';

/** `-----BEGIN … PRIVATE KEY-----` to its END line; a block that was cut off goes as far as it looks like one. */
export const PRIVATE_KEY: Detector = { wakes: [['-', DASH]], detect: detectPrivateKey };

const DASH_CODE = 45;
const TITLE: number = ALNUM | BLANK;

function detectPrivateKey(page: Page, at: number): Finding | undefined {
  const { codes } = page;
  if (before(page, at) === DASH_CODE || !spells(codes, at, '----')) return undefined;
  const title = skip(codes, skip(codes, at, DASH, at + 5), BLANK, at + 6);
  if (!spells(codes, title, 'BEGIN ')) return undefined;
  const titleEnd = skip(codes, title, TITLE, title + 60);
  if (!is(codeAt(codes, titleEnd), DASH) || !page.text.slice(title, titleEnd).includes('PRIVATE KEY'))
    return undefined;
  return finding('private-key', at, blockEnd(page, skip(codes, titleEnd, DASH, titleEnd + 5)));
}

function blockEnd({ codes, length }: Page, from: number): number {
  let at = from;
  while (at < length) {
    const code = codeAt(codes, at);
    if (code === DASH_CODE && spells(codes, at, '----')) return footerEnd(codes, at);
    if (!is(code, KEY_BODY)) break;
    at += 1;
  }
  return skipBack(codes, at, BLANK | LINE_END, from);
}

function footerEnd(codes: Uint8Array, at: number): number {
  const title = skip(codes, skip(codes, at, DASH, at + 5), BLANK, at + 6);
  if (!spells(codes, title, 'END ')) return at;
  const titleEnd = skip(codes, title, TITLE, title + 60);
  return skip(codes, titleEnd, DASH, titleEnd + 5);
}
