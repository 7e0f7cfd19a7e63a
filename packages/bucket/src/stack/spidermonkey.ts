/** SpiderMonkey's stacks: `outer/inner@file:1:2`, without a header. */
import type { Frame } from './frame.ts';
import { placeFromRight } from './frame.ts';

// `async*f`, `setTimeout handler*f`, `promise callback*f`: how the frame was reached, not what it is.
const REACHED = '*';
const EVAL = / line (\d+) > (?:eval|Function|WebAssembly)/;

export function parseSpiderMonkeyLine(line: string): Frame | undefined {
  const at = line.indexOf('@');
  if (at < 0) return undefined;
  const place = placeFromRight(line.slice(at + 1).trim());
  if (place.line === undefined) return undefined;
  const name = innermost(line.slice(line.lastIndexOf(REACHED, at) + 1, at).trim());
  const evaluated = EVAL.exec(place.file);
  const frame = { text: line.trim(), name, constructs: false, evaluated: evaluated !== null };
  if (evaluated === null) return { ...frame, ...place };
  return {
    ...frame,
    file: place.file.slice(0, evaluated.index),
    line: Number(evaluated[1]),
    column: undefined,
  };
}

// `outer/inner<` is named by where it lies; `outer/<` has no name of its own and is told by the one around it.
function innermost(path: string): string {
  const named = path.split('/').findLast((part) => part !== '' && part !== '<') ?? '';
  return named.endsWith('<') ? named.slice(0, -1) : named;
}
