/** V8's stacks, and those of Bun and Hermes, which print in its style: `    at f (file:1:2)`. */
import type { Frame } from './frame.ts';
import { frameAt } from './frame.ts';

const EVAL = 'eval at ';
const MAX_EVAL_DEPTH = 8;
const MARK = /^(?:async |address at )/;
const NOWHERE = /^(?:native$|unknown$|<anonymous>|index )/;

export function isV8Line(line: string): boolean {
  return /^\s*at /.test(line);
}

export function parseV8Line(line: string): Frame {
  const text = line.trim();
  let [name, place] = split(text.slice(3));
  const evaluated = place.startsWith(EVAL);
  for (let depth = 0; place.startsWith(EVAL) && depth < MAX_EVAL_DEPTH; depth++) {
    [name, place] = split(evalOrigin(place));
  }
  place = place.replace(MARK, '');
  const frame = frameAt(text, name.replace(MARK, ''), NOWHERE.test(place) ? '' : place);
  return evaluated ? { ...frame, evaluated } : frame;
}

// A function's name holds no " (", a path may: the first one parts name and place, the last bracket ends it.
function split(body: string): [name: string, place: string] {
  const open = body.endsWith(')') ? body.indexOf(' (') : -1;
  return open < 0 ? ['', body] : [body.slice(0, open), body.slice(open + 2, -1)];
}

// `eval at f (file:1:2), <anonymous>:3:4`: what was evaluated has no file, the call to eval has one.
function evalOrigin(place: string): string {
  const end = place.lastIndexOf('), ');
  return place.slice(EVAL.length, end < 0 ? undefined : end + 1);
}
