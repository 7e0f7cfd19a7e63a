/** From the text of a stack to frames, whichever engine printed it. */
import { stringOf } from '../total.ts';
import { parseAtSignLine } from './at-sign.ts';
import type { Frame } from './frame.ts';
import { isV8Line, parseV8Line } from './v8.ts';

/** Frames beyond these never decide; a bound on work for stacks of any size. */
const MAX_FRAMES = 256;
/** No real frame line is longer; what is, is data. */
const MAX_LINE = 4096;
/** Lines that are no frames (a long header, notes between frames) beyond which no more frames are looked for. */
const MAX_LINES = 8192;
/** Header and frames of the deepest real stacks fit; the rest is not read. */
const MAX_TEXT = 1 << 20;

export interface ParsedStack {
  /** Parsed when asked for: the rules mostly look at a few of them. */
  readonly frames: readonly (() => Frame)[];
  /** Something of the stack was not read, because no real stack is as large. */
  readonly cut: boolean;
}

/** `message` is the error's own, to be cut off before any line is read: it may hold lines that look like frames. */
export function parseStack(stack: unknown, message: unknown): ParsedStack {
  const printed = stringOf(stack);
  const known = stringOf(message);
  const at = printed.slice(0, MAX_LINE + known.length).indexOf(known);
  const start = at < 0 ? 0 : at + known.length;
  const lines = printed.slice(start, start + MAX_TEXT).split('\n', MAX_LINES);
  const readable = lines.filter((line) => line.length <= MAX_LINE);
  const ofV8 = readable.filter(isV8Line).slice(0, MAX_FRAMES);
  const frames = ofV8.length > 0 ? ofV8.map((line) => () => parseV8Line(line)) : framesOfOthers(readable);
  return { frames, cut: printed.length > MAX_TEXT || frames.length === MAX_FRAMES };
}

function framesOfOthers(lines: readonly string[]): (() => Frame)[] {
  const frames: (() => Frame)[] = [];
  for (const line of lines) {
    const frame = frames.length < MAX_FRAMES && parseAtSignLine(line.trim());
    if (frame) frames.push(() => frame);
  }
  return frames;
}
