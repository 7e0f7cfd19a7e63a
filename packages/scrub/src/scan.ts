import { ALNUM, codeAt, is, skip } from './character.ts';
import { detectColonAddress, detectIpv4 } from './detectors/address.ts';
import { detectCard } from './detectors/card.ts';
import { detectEmail } from './detectors/email.ts';
import { detectElement, detectFlag } from './detectors/flag.ts';
import { detectDriveFolder, detectHomeFolder } from './detectors/home-folder.ts';
import { detectIban } from './detectors/iban.ts';
import { detectListed } from './detectors/listed.ts';
import { detectPair } from './detectors/pair.ts';
import { detectPhone } from './detectors/phone.ts';
import { detectPrivateKey } from './detectors/private-key.ts';
import { detectScheme } from './detectors/scheme.ts';
import { detectToken } from './detectors/token.ts';
import { detectUrlCredentials } from './detectors/url-credentials.ts';
import { markerEnd, markerOf } from './marker.ts';
import { type Finding, openPage, type Page } from './page.ts';
import type { Settings } from './settings.ts';
import * as wake from './wakes.ts';

/**
 * One pass over the text, left to right. Two characters side by side either wake detectors (`wakes.ts`), in the order of
 * `RULES`, or cost a table look-up. The first finding wins and the scan goes on behind it, so nothing is read twice.
 */

/** The text without what the rules found. */
export interface Scanned {
  /** The very same string when nothing was found. */
  readonly text: string;
  /** True when a removal took away text that had made a detector say no: scan the result again. */
  readonly again: boolean;
}

const OPENING_BRACKET = 91;
const CLOSING_BRACKET = 93;
const BACKSLASH = 92;
const PERCENT = 37;
const SLASH = 47;
const TILDE = 126;
const LINE_FEED = 10;

/** Scans once; adds what it removed to the counts. */
export function scan(text: string, settings: Settings, counts: Map<string, number>): Scanned {
  const page = openPage(text, settings);
  let out = '';
  let copied = 0;
  let again = false;
  let at = nextWake(page, 0);
  while (at < text.length) {
    const finding = lookAt(page, at);
    if (finding === undefined) {
      at = nextWake(page, behind(page, at));
      continue;
    }
    const replacement = finding.replacement ?? markerOf(finding.rule);
    out += text.slice(copied, finding.start) + replacement;
    copied = finding.end;
    counts.set(finding.rule, (counts.get(finding.rule) ?? 0) + 1);
    again ||= page.reach > finding.start;
    page.floor = copied;
    page.edge = replacement.charCodeAt(replacement.length - 1);
    at = nextWake(page, copied);
  }
  return copied === 0 ? { text, again: false } : { text: out + text.slice(copied), again };
}

/** The next place at or after `from` where a detector must look; which ones stands in the page. */
function nextWake(page: Page, from: number): number {
  const { text } = page;
  const { wakes } = page.settings;
  let at = from;
  let previous = at > page.floor ? codeAt(text, at - 1) : LINE_FEED;
  let code = codeAt(text, at);
  while (at < text.length) {
    const next = codeAt(text, at + 1);
    const awake = wakes[wake.pairSlot(code, next)] ?? 0;
    const word = is(code, ALNUM);
    // Behind a backslash or a per cent sign a word may begin one or two characters later.
    const escaped = word && (previous === BACKSLASH || previous === PERCENT);
    // A sign after its like begins nothing, but for `file:///home` and a bracket before a marker.
    const repeats = code === previous && code !== SLASH && code !== OPENING_BRACKET;
    if ((awake !== 0 && !repeats) || escaped) {
      page.awake = awake;
      page.escaped = escaped;
      return at;
    }
    at += 1;
    previous = code;
    code = next;
    if (word && is(code, ALNUM)) {
      at = skip(text, at + 1, ALNUM, text.length);
      code = codeAt(text, at);
    }
  }
  return at;
}

/** Where to go on after the detectors at `at` found nothing. */
function behind(page: Page, at: number): number {
  const code = codeAt(page.text, at);
  if (is(code, ALNUM)) return skip(page.text, at + 1, ALNUM, page.text.length);
  // What was written `~` is a wall in the result, so it is one here.
  if (code === TILDE) return wall(page, at + 1, TILDE);
  const end = code === OPENING_BRACKET ? markerEnd(page.text, at) : -1;
  return end < 0 ? at + 1 : wall(page, end, CLOSING_BRACKET);
}

function wall(page: Page, floor: number, edge: number): number {
  page.floor = floor;
  page.edge = edge;
  return floor;
}

function lookAt(page: Page, at: number): Finding | undefined {
  const found = page.awake === 0 ? undefined : look(page, at, page.awake);
  return found === undefined && page.escaped ? lookInside(page, at) : found;
}

/** Where an escape (`\\n`, `%3D`) runs into a word, that word begins inside the run of letters and digits. */
function lookInside(page: Page, at: number): Finding | undefined {
  const { text } = page;
  const inside = at + (codeAt(text, at - 1) === BACKSLASH ? 1 : 2);
  const code = codeAt(text, inside);
  const awake = page.settings.wakes[wake.pairSlot(code, codeAt(text, inside + 1))] ?? 0;
  return awake === 0 || !is(code, ALNUM) ? undefined : look(page, inside, awake);
}

function look(page: Page, at: number, wakes: number): Finding | undefined {
  const { settings } = page;
  const credential = (wakes & CREDENTIALS) === 0 ? undefined : findCredential(page, at, wakes);
  if (credential !== undefined) return credential;
  const personal = (wakes & PERSONAL) === 0 ? undefined : findPersonal(page, at, wakes);
  if (personal !== undefined && !settings.disabled.has(personal.rule)) return personal;
  return settings.extraTexts.length === 0 ? undefined : detectListed(page, at);
}

const CREDENTIALS: number =
  wake.PRIVATE_KEY | wake.URL | wake.PAIR | wake.FLAG | wake.ELEMENT | wake.SCHEME | wake.TOKEN;
const PERSONAL: number =
  wake.EMAIL | wake.CARD | wake.IBAN | wake.PHONE | wake.IPV4 | wake.COLON_ADDRESS | wake.DRIVE | wake.FOLDER;

/** Asks the detectors that are awake, in the order of the rules. */
function findCredential(page: Page, at: number, wakes: number): Finding | undefined {
  return (
    ((wakes & wake.PRIVATE_KEY) === 0 ? undefined : detectPrivateKey(page, at)) ??
    ((wakes & wake.URL) === 0 ? undefined : detectUrlCredentials(page, at)) ??
    ((wakes & wake.PAIR) === 0 ? undefined : detectPair(page, at)) ??
    ((wakes & wake.FLAG) === 0 ? undefined : detectFlag(page, at)) ??
    ((wakes & wake.ELEMENT) === 0 ? undefined : detectElement(page, at)) ??
    ((wakes & wake.SCHEME) === 0 ? undefined : detectScheme(page, at)) ??
    ((wakes & wake.TOKEN) === 0 ? undefined : detectToken(page, at))
  );
}

function findPersonal(page: Page, at: number, wakes: number): Finding | undefined {
  return (
    ((wakes & wake.EMAIL) === 0 ? undefined : detectEmail(page, at)) ??
    ((wakes & wake.CARD) === 0 ? undefined : detectCard(page, at)) ??
    ((wakes & wake.IBAN) === 0 ? undefined : detectIban(page, at)) ??
    ((wakes & wake.PHONE) === 0 ? undefined : detectPhone(page, at)) ??
    ((wakes & wake.IPV4) === 0 ? undefined : detectIpv4(page, at)) ??
    ((wakes & wake.COLON_ADDRESS) === 0 ? undefined : detectColonAddress(page, at)) ??
    ((wakes & wake.DRIVE) === 0 ? undefined : detectDriveFolder(page, at)) ??
    ((wakes & wake.FOLDER) === 0 ? undefined : detectHomeFolder(page, at))
  );
}
