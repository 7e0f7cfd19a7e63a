/** Frames as the usual error trackers have them: read by a common parser, then symbolicated where a map is at hand. */
import type { ErrorFacts } from '@fr/bucket';
import { type LoadedSourceMap, sourceMapFrom } from '@fr/bucket/source-map';
import { parseStack } from 'error-stack-parser-es/lite';
import type { Evidence } from '../score/evidence.ts';
import { nameInMap } from './map-names.ts';

export interface PlainFrame {
  /** As printed or as the map names it, without receiver, alias and `async`; empty for anonymous functions. */
  readonly method: string;
  /** As printed or as the map names it. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly mapped: boolean;
  /** The failing line, blanks squeezed; empty when no text is at hand. */
  readonly contextLine: string;
}

interface BuiltPlace {
  readonly printed: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

const known = new WeakMap<ErrorFacts, readonly PlainFrame[]>();

/** Frames of one error, innermost first; native frames and frames without a place are not among them. */
export function framesOf(error: ErrorFacts, evidence: Evidence): readonly PlainFrame[] {
  const frames = known.get(error) ?? readFrames(error, evidence);
  known.set(error, frames);
  return frames;
}

function readFrames({ stack }: ErrorFacts, evidence: Evidence): PlainFrame[] {
  if (typeof stack !== 'string') return [];
  const places = parseStack(stack).flatMap(({ function: printed = '', file, line, col }) =>
    file === undefined || line === undefined
      ? []
      : [{ printed, file: file.replace(/^async /, ''), line, column: col ?? 1 }],
  );
  return places.map((place, index) => symbolicated(place, places[index + 1], evidence));
}

function symbolicated(place: BuiltPlace, caller: BuiltPlace | undefined, evidence: Evidence): PlainFrame {
  const { printed, file, line, column } = place;
  const map = mapFrom(evidence.mapText(file));
  const original = map?.originalPlace(line, column);
  if (original === undefined) {
    const contextLine = lineOf(evidence.source(file), line);
    return { method: plainMethod(printed), file, line, column, mapped: false, contextLine };
  }
  return {
    method: plainMethod(printed === '' ? '' : originalName(printed, caller, evidence)),
    ...original,
    mapped: true,
    contextLine: lineOf(map?.sourceText?.(original.file), original.line),
  };
}

/** A map has a name for what was called where it was called: in the frame of the caller. */
function originalName(printed: string, caller: BuiltPlace | undefined, { mapText }: Evidence): string {
  return (caller && nameInMap(mapText(caller.file), caller)) ?? printed;
}

function plainMethod(printed: string): string {
  const name = printed.replace(/ \[as .*\]$/, '').replace(/^(?:async\*?|new|get|set) ?\b/, '');
  const last =
    name
      .replace(/[/<]+$/, '')
      .split(/[./]/)
      .at(-1) ?? '';
  return /^(?:<anonymous>|anonymous|eval|\?)?$/.test(last) ? '' : last.trim().replace(/^#/, '');
}

const maps = new Map<string, LoadedSourceMap | undefined>();

function mapFrom(text: string | undefined): LoadedSourceMap | undefined {
  if (text === undefined) return undefined;
  if (!maps.has(text)) maps.set(text, sourceMapFrom(text));
  return maps.get(text);
}

const linesOf = new Map<string, readonly string[]>();

function lineOf(text: string | undefined, line: number): string {
  if (text === undefined) return '';
  const lines = linesOf.get(text) ?? text.split('\n');
  linesOf.set(text, lines);
  return (lines[line - 1] ?? '').trim().replace(/\s+/g, ' ');
}
