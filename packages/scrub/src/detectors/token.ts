import { ALNUM, codeAt, DASH, DOT, is, skip, UNDERSCORE } from '../character.ts';
import { type Finding, findCapital, findDigit, findPartEnd, type Page, saw, wordBegins } from '../page.ts';
import { TOKEN_FORMS, type TokenForm } from '../token-forms.ts';
import { pairSlot } from '../wakes.ts';

/** Tokens with a distinctive prefix. Asked at every word start, so the first two characters decide by table. */

const FORMS_BY_PAIR: readonly (readonly TokenForm[] | undefined)[] = formsByPair();
const PART: number = ALNUM | DASH | UNDERSCORE;
const DOT_CODE = 46;
const MIXED_WITHIN = 24;

function formsByPair(): (TokenForm[] | undefined)[] {
  const table: (TokenForm[] | undefined)[] = new Array(128 * 128).fill(undefined);
  for (const form of TOKEN_FORMS) {
    const slot = pairSlot(form.prefix.charCodeAt(0), form.prefix.charCodeAt(1));
    const known = table[slot];
    if (known === undefined) table[slot] = [form];
    else known.push(form);
  }
  return table;
}

/** Wakes at the first letter or digit of a run. */
export function detectToken(page: Page, at: number): Finding | undefined {
  const forms = FORMS_BY_PAIR[pairSlot(codeAt(page.text, at), codeAt(page.text, at + 1))];
  if (forms === undefined || !wordBegins(page, at)) return undefined;
  for (const form of forms) {
    if (!hasPrefix(page.text, at, form.prefix)) continue;
    const end = form.rule === 'jwt' ? webTokenEnd(page, at) : tokenEnd(page, at, form);
    if (end > 0) return { rule: form.rule, start: at, end };
  }
  return undefined;
}

function tokenEnd(page: Page, at: number, form: TokenForm): number {
  const { text } = page;
  const start = at + form.prefix.length;
  // Read on only once it is certain: otherwise a prefix repeated over and over would be read over and over.
  if (form.mixed === true && !isMixed(page, start)) return -1;
  const enough = skip(text, start, form.alphabet, start + form.least);
  if (enough < start + form.least) return -1;
  if (form.most === undefined) return withoutFullStop(text, skip(text, enough, form.alphabet, text.length));
  const end = skip(text, enough, form.alphabet, start + form.most);
  if (!is(codeAt(text, end), ALNUM)) return end;
  saw(page, end + 1);
  return -1;
}

/** `startsWith` from the third character on; cheaper where most prefixes differ at once. */
function hasPrefix(text: string, at: number, prefix: string): boolean {
  for (let index = 2; index < prefix.length; index += 1) {
    if (codeAt(text, at + index) !== prefix.charCodeAt(index)) return false;
  }
  return true;
}

/** A digit and a capital soon enough; where the next ones are is remembered. */
function isMixed(page: Page, start: number): boolean {
  const within = start + MIXED_WITHIN;
  if (findDigit(page, start) < within && findCapital(page, start) < within) return true;
  saw(page, within);
  return false;
}

/** The full stop of a sentence is not part of the token in front of it. */
function withoutFullStop(text: string, end: number): number {
  return codeAt(text, end - 1) === DOT_CODE ? end - 1 : end;
}

/** `eyJ….eyJ….signature`, also with the five parts of an encrypted one, also cut off after the second dot. */
function webTokenEnd(page: Page, at: number): number {
  const { text } = page;
  const header = findPartEnd(page, at);
  if (header - at < 11 || codeAt(text, header) !== DOT_CODE) return -1;
  const body = skip(text, header + 1, PART, header + 9);
  if (body < header + 9 && codeAt(text, body) !== DOT_CODE) return -1;
  const least = body < header + 9 ? body + 30 : body;
  if (skip(text, body, PART | DOT, least) < least) return -1;
  return withoutFullStop(text, skip(text, least, PART | DOT, text.length));
}
