import { codeAt, spells } from './character.ts';
import { sheetOf } from './sheet.ts';

/**
 * The text that stands where something was removed: `[removed:RULE]`. Readable, stable, and inert: the scanner
 * steps over a marker, so scrubbing twice gives what scrubbing once gave.
 */

const OPENING = '[removed:';
const LONGEST_NAME = 24;

const markers: Map<string, string> = new Map();

/** `[removed:RULE]` */
export function markerOf(rule: string): string {
  const known = markers.get(rule);
  if (known !== undefined) return known;
  const marker = `${OPENING}${rule}]`;
  markers.set(rule, marker);
  return marker;
}

/**
 * Where the marker that begins at `at` ends, or -1. Markers of unknown rules count too (a newer version may have
 * written them); no digits or capitals are allowed inside, so that a marker is no place to hide a secret.
 */
export function markerEnd(codes: Uint8Array, at: number): number {
  if (codeAt(codes, at) !== 91 || !spells(codes, at, OPENING)) return -1;
  const start = at + OPENING.length;
  let index = start;
  while (index < start + LONGEST_NAME && isNameCharacter(codeAt(codes, index))) index += 1;
  return index > start && codeAt(codes, index) === 93 ? index + 1 : -1;
}

/** True when the text is a marker and nothing else. */
export function isMarker(text: string): boolean {
  return text.startsWith(OPENING) && markerEnd(sheetOf(text), 0) === text.length;
}

function isNameCharacter(code: number): boolean {
  return (code >= 97 && code <= 122) || code === 45;
}
