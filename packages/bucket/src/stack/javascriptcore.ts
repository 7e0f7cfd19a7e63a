/** JavaScriptCore's stacks (Safari, Bun's engine when it prints its own): `f@file:1:2`, `[native code]`. */
import type { Frame } from './frame.ts';
import { placeFromRight } from './frame.ts';

const OUTSIDE = new Set(['global code', 'module code', 'eval code', 'program code', 'anonymous']);
const NATIVE = '[native code]';

export function parseJavaScriptCoreLine(line: string): Frame | undefined {
  const text = line.trim();
  const at = nameEnd(text);
  const rest = text.slice(at + 1);
  const printed = at < 0 ? '' : text.slice(0, at);
  const name = OUTSIDE.has(printed) ? '' : printed.replace(/^async /, '');
  const known = { text, name, constructs: false, evaluated: printed === 'eval code' };
  if (rest === NATIVE) return { ...known, file: '', line: undefined, column: undefined };
  const place = placeFromRight(rest);
  return place.line === undefined ? undefined : { ...known, ...place };
}

// An anonymous frame may be a bare URL, and `@` is common in URLs: what lies left of it is then no name.
function nameEnd(text: string): number {
  const at = text.indexOf('@');
  return at >= 0 && text.slice(0, at).includes('/') ? -1 : at;
}
