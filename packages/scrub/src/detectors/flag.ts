import { type Detector, type Finding, finding } from '../detector.ts';
import { judgeKey } from '../lists/secret-keys.ts';
import {
  BLANK,
  codeAt,
  DASH,
  DOT,
  GOES_ON,
  is,
  LINE_END,
  SPACE,
  skip,
  skipBack,
  WORD,
} from '../scanning/character.ts';
import { markerEnd } from '../scanning/marker.ts';
import { before, findElementEnd, type Page, saw } from '../scanning/page.ts';
import { bareValue, quotedValue, quoteOpens, valueSees } from '../value.ts';

/** `--password x` on a command line or in a printed argument list, and `<password>x</password>`. */
export const FLAG: Detector = { wakes: [['-', DASH]], detect: detectFlag };
export const ELEMENT: Detector = { wakes: [['>', GOES_ON]], detect: detectElement };

const NAME_LIMIT = 60;
/** How far a value was looked at that is none. */
const VALUE_REACH = 66;
const DASH_CODE = 45;
const COMMA = 44;
const LESS = 60;
const COLON = 58;
const SLASH = 47;

function detectFlag(page: Page, at: number): Finding | undefined {
  const { codes, settings } = page;
  if (is(before(page, at), WORD | DASH)) return undefined;
  const nameEnd = skip(codes, at + 2, WORD | DASH, at + NAME_LIMIT);
  const quoted = quoteOpens(codes, nameEnd);
  const start = flagValueStart(codes, nameEnd, quoted);
  if (start < 0) return saw(page, ~start);
  const phrase = judgeKey(settings.keys, codes, at + 2, nameEnd);
  if (phrase === undefined) return undefined;
  const escapes = quoteOpens(codes, start);
  if (quoted >= 0 && escapes < 0) return saw(page, start + 16);
  const value = escapes < 0 ? bareValue(codes, start) : quotedValue(codes, start, escapes);
  if (value.end <= value.start) return saw(page, start + VALUE_REACH);
  if (markerEnd(codes, value.start) === value.end) return saw(page, valueSees(codes, value.end));
  return finding(phrase.rule, value.start, value.end, valueSees(codes, value.end));
}

/** Where the value of the flag begins whose name ends at `nameEnd`; where there is none, `~` of how far it looked. */
function flagValueStart(codes: Uint8Array, nameEnd: number, quoted: number): number {
  let from = quoted < 0 ? nameEnd : nameEnd + quoted + 1;
  if (quoted >= 0 && codeAt(codes, from) === COMMA) from += 1;
  const start = skip(codes, from, quoted < 0 ? BLANK : SPACE, from + 8);
  const opening = codeAt(codes, start);
  if (start === nameEnd) return ~nameEnd;
  return is(opening, LINE_END) || opening === DASH_CODE || opening === LESS ? ~(start + 1) : start;
}

function detectElement(page: Page, at: number): Finding | undefined {
  const { codes, settings } = page;
  const limit = Math.max(page.floor, at - NAME_LIMIT);
  const start = skipBack(codes, at, WORD | DASH | DOT, limit);
  if (start === at) return undefined;
  const previous = before(page, start);
  if (previous !== LESS && previous !== COLON) return undefined;
  if (judgeKey(settings.keys, codes, start, at) === undefined) return undefined;
  const end = findElementEnd(page, at + 1);
  if (codeAt(codes, end) !== LESS || codeAt(codes, end + 1) !== SLASH) return saw(page, end + 2);
  if (end === at + 1 || markerEnd(codes, at + 1) === end) return undefined;
  return finding('secret', at + 1, end);
}
