/** The stacks of SpiderMonkey, `outer/inner@file:1:2`, and JavaScriptCore, `f@file:1:2`; neither has a header. */
import type { Frame } from './frame.ts';
import { frameAt } from './frame.ts';

const NATIVE = '[native code]';
/** An anonymous frame of JavaScriptCore may be a bare URL, and `@` is common in those. */
const URL_START = /^[\w-]+:\/\//;
/** `global code`, `module code`: no function. */
const OUTSIDE = /^(?:\w+ code$|async )/;
const EVAL = / line (\d+) > (?:eval|Function|WebAssembly).*/;

export function parseAtSignLine(text: string): Frame | undefined {
  const at = URL_START.test(text) ? -1 : text.indexOf('@');
  const place = text.slice(at + 1).trim();
  const name = innermost(text.slice(0, Math.max(at, 0)).trim());
  if (place === NATIVE) return { text, name, file: '' };
  const frame = frameAt(text, name, place);
  if (frame.line === undefined || (at < 0 && !URL_START.test(text))) return undefined;
  const [evaluated, line] = EVAL.exec(frame.file) ?? [];
  if (!evaluated) return frame;
  return { text, name, file: frame.file.slice(0, -evaluated.length), line: Number(line), evaluated: true };
}

// What stands left of `*` is how the frame was reached, `promise callback*f`. `outer/inner<` is named by where it
// lies; `outer/<` has no name of its own and is told by the one around it.
function innermost(path: string): string {
  const name = path.slice(path.lastIndexOf('*') + 1).replace(OUTSIDE, '');
  return name.split(/[/<]+/).findLast((part) => part) ?? '';
}
