import { BLANK, codeAt, DASH, DOT, is, SPACE, skip, WORD } from '../character.ts';
import { markerEnd } from '../marker.ts';
import { before, type Finding, findElementEnd, type Page, saw } from '../page.ts';
import { judgeKey } from '../secret-keys.ts';
import { bareValue, quotedValue, quoteOpens } from '../value.ts';

/** `--password x` on a command line or in a printed argument list, and `<password>x</password>`. */

const NAME_LIMIT = 60;
const DASH_CODE = 45;
const COMMA = 44;
const LESS = 60;
const COLON = 58;
const SLASH = 47;

/** Wakes at `--`. */
export function detectFlag(page: Page, at: number): Finding | undefined {
  const { text, settings } = page;
  if (codeAt(text, at + 1) !== DASH_CODE || is(before(page, at), WORD | DASH)) return undefined;
  const nameEnd = skip(text, at + 2, WORD | DASH, at + NAME_LIMIT);
  const quoted = quoteOpens(text, nameEnd);
  const start = flagValueStart(text, nameEnd, quoted);
  if (start < 0) return undefined;
  const phrase = judgeKey(settings.keys, text, at + 2, nameEnd);
  if (phrase === undefined) return undefined;
  const escapes = quoteOpens(text, start);
  if (quoted >= 0 && escapes < 0) return undefined;
  const value = escapes < 0 ? bareValue(text, start) : quotedValue(text, start, escapes);
  if (value.end <= value.start || markerEnd(text, value.start) === value.end) return undefined;
  return { rule: phrase.rule, start: value.start, end: value.end };
}

/** Where the value of the flag begins whose name ends at `nameEnd`; -1 where another flag or nothing follows. */
function flagValueStart(text: string, nameEnd: number, quoted: number): number {
  let from = quoted < 0 ? nameEnd : nameEnd + quoted + 1;
  if (quoted >= 0 && codeAt(text, from) === COMMA) from += 1;
  const start = skip(text, from, quoted < 0 ? BLANK : SPACE, from + 8);
  const opening = codeAt(text, start);
  return start === nameEnd || start >= text.length || opening === DASH_CODE || opening === LESS ? -1 : start;
}

/** Wakes at `>`. */
export function detectElement(page: Page, at: number): Finding | undefined {
  const { text, settings } = page;
  const limit = Math.max(page.floor, at - NAME_LIMIT);
  let start = at;
  while (start > limit && is(codeAt(text, start - 1), WORD | DASH | DOT)) start -= 1;
  if (start === at) return undefined;
  const previous = before(page, start);
  if (previous !== LESS && previous !== COLON) return undefined;
  if (judgeKey(settings.keys, text, start, at) === undefined) return undefined;
  const end = findElementEnd(page, at + 1);
  if (codeAt(text, end) !== LESS || codeAt(text, end + 1) !== SLASH) return saw(page, end + 2);
  if (end === at + 1 || markerEnd(text, at + 1) === end) return undefined;
  return { rule: 'secret', start: at + 1, end };
}
