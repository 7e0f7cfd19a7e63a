/** V8's stacks, and those of Bun and Hermes, which print in its style: `    at f (file:1:2)`. */
import type { Frame, Place } from './frame.ts';
import { placeFromRight } from './frame.ts';

const NOWHERE: Place = { file: '', line: undefined, column: undefined };
const EVAL = 'eval at ';
const HERMES = 'address at ';
const MAX_EVAL_DEPTH = 8;

export function parseV8Line(line: string): Frame | undefined {
  const text = line.trim();
  if (!text.startsWith('at ')) return undefined;
  let { name, place } = split(text.slice(3));
  let evaluated = false;
  for (let depth = 0; place.startsWith(EVAL) && depth < MAX_EVAL_DEPTH; depth++) {
    evaluated = true;
    ({ name, place } = split(evalOrigin(place)));
  }
  const bare = withoutPrefix(name, 'async ');
  const constructs = bare.startsWith('new ');
  return { text, name: withoutPrefix(bare, 'new '), constructs, evaluated, ...placeOf(place) };
}

// A function's name holds no " (", a path may: the first one parts name and place, the last bracket ends it.
function split(body: string): { name: string; place: string } {
  const open = body.indexOf(' (');
  if (open < 0 || !body.endsWith(')')) return { name: '', place: withoutPrefix(body, 'async ') };
  return { name: body.slice(0, open), place: body.slice(open + 2, -1) };
}

// `eval at f (file:1:2), <anonymous>:3:4`: what was evaluated has no file, the call to eval has one.
function evalOrigin(place: string): string {
  const end = place.lastIndexOf('), ');
  return end < 0 ? place.slice(EVAL.length) : place.slice(EVAL.length, end + 1);
}

function placeOf(text: string): Place {
  if (text === 'native' || text === 'unknown' || text.startsWith('<anonymous>')) return NOWHERE;
  if (text.startsWith('index ')) return NOWHERE;
  if (text.startsWith('wasm://')) return { ...NOWHERE, file: text };
  return placeFromRight(withoutPrefix(text, HERMES));
}

function withoutPrefix(text: string, prefix: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : text;
}
