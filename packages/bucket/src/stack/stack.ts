/** From the text of a stack to frames, whichever engine printed it. */
import type { Frame, LineParser } from './frame.ts';
import { parseJavaScriptCoreLine } from './javascriptcore.ts';
import { parseSpiderMonkeyLine } from './spidermonkey.ts';
import { parseV8Line } from './v8.ts';

/** Frames beyond these never decide; a bound on work for stacks of any size. */
const MAX_FRAMES = 256;
/** No real frame line is longer; what is, is data. */
const MAX_LINE = 4096;
/** Lines that are no frames (a long header, notes between frames) beyond which no more frames are looked for. */
const MAX_LINES = 8192;
/** `a@b:1` is the shortest. */
const MIN_LINE = 5;
/** Header and frames of the deepest real stacks fit; the rest is not read. */
const MAX_TEXT = 1 << 20;

export interface ParsedStack {
  readonly engine: 'v8' | 'spidermonkey' | 'javascriptcore' | 'none';
  readonly frames: readonly Frame[];
  /** Something of the stack was not read, because no real stack is as large. */
  readonly cut: boolean;
}

/** `message` is the error's own, to be cut off before any line is read: it may hold lines that look like frames. */
export function parseStack(stack: unknown, message: unknown): ParsedStack {
  if (typeof stack !== 'string' || stack === '') return { engine: 'none', frames: [], cut: false };
  const text = withoutHeader(stack, typeof message === 'string' ? message : '');
  const cut = stack.length > MAX_TEXT;
  const frames = framesOf(text, parseV8Line);
  if (frames.length > 0) return { engine: 'v8', frames, cut: cut || frames.length === MAX_FRAMES };
  const safari = /(?:^|\n)(?:global|module|eval) code@|\[native code\]|^https?:|\nhttps?:/.test(text);
  const engine = safari ? 'javascriptcore' : 'spidermonkey';
  const others = framesOf(text, safari ? parseJavaScriptCoreLine : parseSpiderMonkeyLine);
  return others.length > 0 ? { engine, frames: others, cut } : { engine: 'none', frames: [], cut };
}

function withoutHeader(stack: string, message: string): string {
  const at = message === '' ? -1 : stack.indexOf(message);
  const start = at < 0 || at > MAX_LINE ? 0 : at + message.length;
  return stack.slice(start, start + MAX_TEXT);
}

function framesOf(text: string, parse: LineParser): Frame[] {
  const frames: Frame[] = [];
  let start = 0;
  for (let lines = 0; lines < MAX_LINES && start < text.length && frames.length < MAX_FRAMES; lines++) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const readable = end - start >= MIN_LINE && end - start <= MAX_LINE;
    const frame = readable ? parse(text.slice(start, end)) : undefined;
    if (frame !== undefined) frames.push(frame);
    start = end + 1;
  }
  return frames;
}
