/** A frame and what is known about where it lies. */
import type { Failure } from '../../failure.ts';
import type { SourcePosition } from '../../source/position.ts';
import { functionAt, positionIn } from '../../source/position.ts';
import type { Frame } from '../../stack/frame.ts';
import { attempt } from '../../total.ts';
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
  /** Position in the source text, if that can be had. */
  position(): SourcePosition | undefined;
}

/** Frames are placed when asked for: the rules mostly stop after a few, and the program may be dying. */
export type LazyFrame = () => PlacedFrame;

export function lazyFrame(frame: () => Frame, failure: Failure): LazyFrame {
  let placed: PlacedFrame | undefined;
  return () => {
    placed ??= placedFrame(frame(), failure);
    return placed;
  };
}

function placedFrame(printed: Frame, failure: Failure): PlacedFrame {
  const mapped = failure.sourceMap && attempt(() => mappedFrame(printed, failure));
  const frame = mapped?.frame ?? printed;
  const { file, line = 0, column } = frame;
  const look = <Seen>(read: (text: string, line: number, column?: number) => Seen): Seen | undefined => {
    const text = line > 0 ? (mapped ? mapped.source() : sourceOf(file, failure)) : undefined;
    return text === undefined ? undefined : read(text, line, column);
  };
  // Where a map is needed, the printed name is a minifier's; the source knows the real one.
  const name = (mapped && look(functionAt)) ?? printed.name;
  return { frame, site: siteOf(file, failure), name: functionName(name), position: () => look(positionIn) };
}
