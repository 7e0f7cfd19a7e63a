import { ALNUM, DIGIT, is, LETTER, skip } from './character.ts';
import { detectColonAddress, detectIpv4 } from './detectors/address.ts';
import { detectCard } from './detectors/card.ts';
import { detectEmail } from './detectors/email.ts';
import { detectElement, detectFlag } from './detectors/flag.ts';
import { detectDriveFolder, detectHomeFolder } from './detectors/home-folder.ts';
import { detectListed } from './detectors/listed.ts';
import { detectPair } from './detectors/pair.ts';
import { detectPrivateKey } from './detectors/private-key.ts';
import { detectScheme } from './detectors/scheme.ts';
import { detectToken } from './detectors/token.ts';
import { detectUrlCredentials } from './detectors/url-credentials.ts';
import { markerEnd, markerOf } from './marker.ts';
import type { Detector, Finding, Page } from './page.ts';
import type { Settings } from './settings.ts';

/**
 * One pass over the text, left to right. A character either wakes detectors, in the order of `RULES`, or costs one
 * table look-up. The first finding wins and the scan goes on behind it, so nothing is read twice.
 */

/** Detectors by the character that wakes them; letters and digits wake theirs only where a run of them begins. */
const BY_SIGN: Readonly<Record<string, readonly Detector[]>> = {
  '-': [detectPrivateKey, detectFlag],
  ':': [detectUrlCredentials, detectPair, detectColonAddress, detectDriveFolder],
  '=': [detectPair],
  '>': [detectElement],
  '@': [detectEmail],
  '%': [detectEmail],
  '/': [detectHomeFolder],
};
const AT_LETTER: readonly Detector[] = [detectToken, detectListed];
const AT_SCHEME: readonly Detector[] = [detectScheme, detectToken, detectListed];
const AT_DIGIT: readonly Detector[] = [detectToken, detectCard, detectIpv4, detectListed];
const WAKES: readonly (readonly Detector[] | undefined)[] = wakes();
const OPENING_BRACKET = 91;
const CLOSING_BRACKET = 93;
const BACKSLASH = 92;
const SLASH = 47;
const PERCENT = 37;
const LINE_FEED = 10;

function wakes(): (readonly Detector[] | undefined)[] {
  return Array.from({ length: 128 }, (_, code) => {
    if (is(code, DIGIT)) return AT_DIGIT;
    if (is(code, LETTER)) return (code | 32) === 98 ? AT_SCHEME : AT_LETTER;
    return BY_SIGN[String.fromCharCode(code)];
  });
}

/** Called for every removal, in the order of the text. */
export type Tally = (rule: string) => void;

/** The text without what the rules find; the very same string when they find nothing. */
export function scan(text: string, settings: Settings, tally: Tally): string {
  const page: Page = {
    text,
    settings,
    floor: 0,
    edge: LINE_FEED,
    nextAt: -1,
    partEnd: -1,
    nextDigit: -1,
    nextCapital: -1,
  };
  const pieces: string[] = [];
  let copied = 0;
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    const run = is(code, ALNUM);
    const finding = run ? lookAtRun(page, at, code) : lookAtSign(page, at, code);
    if (finding !== undefined) {
      const replacement = finding.replacement ?? markerOf(finding.rule);
      pieces.push(text.slice(copied, finding.start), replacement);
      tally(finding.rule);
      at = finding.end;
      copied = at;
      page.floor = at;
      page.edge = replacement.charCodeAt(replacement.length - 1);
    } else if (run) at = skip(text, at + 1, ALNUM, text.length);
    else at = code === OPENING_BRACKET ? stepOverMarker(page, at) : at + 1;
  }
  return pieces.length === 0 ? text : pieces.join('') + text.slice(copied);
}

/** A sign after its like begins nothing, but for `file:///home`. */
function lookAtSign(page: Page, at: number, code: number): Finding | undefined {
  if (code !== SLASH && at > page.floor && page.text.charCodeAt(at - 1) === code) return undefined;
  return lookAt(page, at, WAKES[code]);
}

/** Letters and digits in a row are one place to look at, or two where an escape (`\\n`, `%3D`) runs into a word. */
function lookAtRun(page: Page, at: number, code: number): Finding | undefined {
  const found = lookAt(page, at, WAKES[code]);
  const previous = at > page.floor ? page.text.charCodeAt(at - 1) : LINE_FEED;
  if (found !== undefined || (previous !== BACKSLASH && previous !== PERCENT)) return found;
  const inside = at + (previous === BACKSLASH ? 1 : 2);
  return is(page.text.charCodeAt(inside), ALNUM)
    ? lookAt(page, inside, WAKES[page.text.charCodeAt(inside)])
    : undefined;
}

function lookAt(page: Page, at: number, detectors: readonly Detector[] | undefined): Finding | undefined {
  if (detectors === undefined) return undefined;
  for (const detect of detectors) {
    const finding = detect(page, at);
    if (finding !== undefined && !page.settings.disabled.has(finding.rule)) return finding;
  }
  return undefined;
}

function stepOverMarker(page: Page, at: number): number {
  const end = markerEnd(page.text, at);
  if (end < 0) return at + 1;
  page.floor = end;
  page.edge = CLOSING_BRACKET;
  return end;
}
