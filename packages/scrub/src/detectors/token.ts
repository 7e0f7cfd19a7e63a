import { type Detector, type Finding, finding } from '../detector.ts';
import { itemsAt, type PrefixTree, prefixTree } from '../lists/prefix-tree.ts';
import { TOKEN_FORMS, type TokenForm } from '../lists/token-forms.ts';
import { ALNUM, codeAt, DASH, DOT, is, skip, skipAll, UNDERSCORE } from '../scanning/character.ts';
import { findCapital, findDigit, findPartEnd, type Page, saw, wordBegins } from '../scanning/page.ts';

/** Tokens with a distinctive prefix. Asked at many of the words of a text. */
export const TOKEN: Detector = {
  wakes: TOKEN_FORMS.map(({ prefix }) => [prefix.charAt(0), prefix.charAt(1)] as const),
  detect: detectToken,
};

const FORMS: PrefixTree<TokenForm> = prefixTree(TOKEN_FORMS);
const PART: number = ALNUM | DASH | UNDERSCORE;
const DOT_CODE = 46;
const MIXED_WITHIN = 24;
/** Most words that are no token end within. */
const SHORT_RUN = 8;

function detectToken(page: Page, at: number): Finding | undefined {
  const forms = itemsAt(FORMS, page.codes, at);
  if (forms.length === 0 || !wordBegins(page, at)) return undefined;
  for (const form of forms) {
    const end = form.rule === 'jwt' ? webTokenEnd(page, at) : tokenEnd(page, at, form);
    if (end > 0) return finding(form.rule, at, end);
  }
  return undefined;
}

function tokenEnd(page: Page, at: number, form: TokenForm): number {
  const { codes } = page;
  const start = at + form.prefix.length;
  // Read on only once it is certain: otherwise a prefix repeated over and over would be read over and over.
  if (form.mixed === true && !isMixed(page, start, form.alphabet)) return -1;
  const enough = skip(codes, start, form.alphabet, start + form.least);
  if (enough < start + form.least) return -1;
  if (form.most === undefined) return withoutFullStop(codes, skipAll(codes, enough, form.alphabet));
  const end = skip(codes, enough, form.alphabet, start + form.most);
  if (!is(codeAt(codes, end), ALNUM)) return end;
  saw(page, end + 1);
  return -1;
}

/** A digit and a capital soon enough; where the next ones are is remembered. */
function isMixed(page: Page, start: number, alphabet: number): boolean {
  const within = start + MIXED_WITHIN;
  if (findDigit(page, start) < within && findCapital(page, start) < within) return true;
  const end = skip(page.codes, start, alphabet, start + SHORT_RUN);
  saw(page, end < start + SHORT_RUN ? end + 1 : within);
  return false;
}

/** The full stop of a sentence is not part of the token in front of it. */
function withoutFullStop(codes: Uint8Array, end: number): number {
  return codeAt(codes, end - 1) === DOT_CODE ? end - 1 : end;
}

/** `eyJ….eyJ….signature`, also with the five parts of an encrypted one, also cut off after the second dot. */
function webTokenEnd(page: Page, at: number): number {
  const { codes } = page;
  const header = findPartEnd(page, at);
  if (header - at < 11 || codeAt(codes, header) !== DOT_CODE) return -1;
  const body = skip(codes, header + 1, PART, header + 9);
  if (body < header + 9 && codeAt(codes, body) !== DOT_CODE) return -1;
  const least = body < header + 9 ? body + 30 : body;
  if (skip(codes, body, PART | DOT, least) < least) return -1;
  return withoutFullStop(codes, skipAll(codes, least, PART | DOT));
}
