/** A frame and what is known about where it lies. */
import type { Failure } from '../../failure.ts';
import type { SourcePosition } from '../../source/position.ts';
import { positionOf } from '../../source/position.ts';
import type { Reading } from '../../source/reading.ts';
import { readingAt } from '../../source/reading.ts';
import type { Frame } from '../../stack/frame.ts';
import { attempt } from '../../total.ts';
import { failsForCaller } from '../messenger.ts';
import { functionName } from './function-name.ts';
import { mappedFrame } from './mapped-frame.ts';
import type { Site } from './site.ts';
import { siteOf } from './site.ts';
import { sourceOf } from './source-text.ts';

export interface PlacedFrame {
  /** As printed, or moved to where a source map says it was written. */
  readonly frame: Frame;
  /** `undefined` for the runtime below. */
  readonly site: Site | undefined;
  /** Last part of the name of the function; empty for a nameless one. */
  readonly name: string;
  /** Innermost named function around the place in the source text, if that can be had. */
  functionInText(): string | undefined;
  /** Position in the source text, if that can be had. */
  position(): SourcePosition | undefined;
  /** Whether the source text shows a function that only fails for its caller. */
  failsForCaller(): boolean;
}

/** Frames are placed when asked for: the rules mostly stop after a few, and the program may be dying. */
export type LazyFrame = () => PlacedFrame;

export function lazyFrames(printed: readonly (() => Frame)[], failure: Failure): LazyFrame[] {
  const known = new Map(printed.map((frame) => [frame, lazyFrame(frame, failure)]));
  return printed.map((frame) => known.get(frame) as LazyFrame);
}

function lazyFrame(frame: () => Frame, failure: Failure): LazyFrame {
  let placed: PlacedFrame | undefined;
  return () => {
    placed ??= placedFrame(frame(), failure);
    return placed;
  };
}

/** A minifier's names are hardly ever longer. */
const MINIFIED_NAME = 3;

function placedFrame(printed: Frame, failure: Failure): PlacedFrame {
  const mapped = failure.sourceMap && attempt(() => mappedFrame(printed, failure));
  const frame = mapped?.frame ?? printed;
  let name: string | undefined;
  let known: { readonly reading: Reading | undefined } | undefined;
  const reading = (): Reading | undefined => {
    known ??= { reading: readFrame(mapped ? mapped.source() : sourceOf(frame.file, failure), frame) };
    // Without the original text the built one must do, if people could have written it.
    if (mapped && !known.reading) {
      const built = readFrame(sourceOf(printed.file, failure), printed);
      known = { reading: built?.statement && built };
    }
    return known.reading;
  };
  return {
    frame,
    site: siteOf(frame.file, failure),
    get name(): string {
      name ??= functionName(mapped ? (reading()?.statement?.name ?? keptName(printed.name)) : printed.name);
      return name;
    },
    functionInText: () => reading()?.statement?.name,
    position: () => {
      const read = reading();
      return read && positionOf(read);
    },
    failsForCaller: () => {
      const read = reading();
      return read !== undefined && failsForCaller(read);
    },
  };
}

function readFrame(text: string | undefined, { line = 0, column }: Frame): Reading | undefined {
  return text === undefined || line <= 0 ? undefined : readingAt(text, line, column);
}

/** Where a map is needed and no text can be had, a short name is a minifier's: another one in every build. */
function keptName(printed: string): string {
  return functionName(printed).length > MINIFIED_NAME ? printed : '';
}
