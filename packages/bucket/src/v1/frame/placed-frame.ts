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
import type { MappedFrame } from './mapped-frame.ts';
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

/** Longer stacks are those that ran out: a few lines over and over, each of which is placed once. */
const LONG = 32;

export function lazyFrames(printed: readonly (() => Frame)[], failure: Failure): LazyFrame[] {
  const known = printed.length > LONG ? new Map<string, PlacedFrame>() : undefined;
  return printed.map((parse) => {
    let placed: PlacedFrame | undefined;
    return () => {
      placed ??= known ? knownFrame(known, parse(), failure) : new FrameInPlace(parse(), failure);
      return placed;
    };
  });
}

function knownFrame(known: Map<string, PlacedFrame>, printed: Frame, failure: Failure): PlacedFrame {
  const frame = known.get(printed.text) ?? new FrameInPlace(printed, failure);
  known.set(printed.text, frame);
  return frame;
}

/** A minifier's names are hardly ever longer. */
const MINIFIED_NAME = 3;

/** Whatever takes looking for is looked for once. */
class FrameInPlace implements PlacedFrame {
  readonly frame: Frame;
  readonly site: Site | undefined;
  readonly #printed: Frame;
  readonly #failure: Failure;
  readonly #mapped: MappedFrame | undefined;
  #name: string | undefined;
  #reading: Reading | undefined | null;

  constructor(printed: Frame, failure: Failure) {
    this.#printed = printed;
    this.#failure = failure;
    this.#mapped = failure.sourceMap && attempt(() => mappedFrame(printed, failure));
    this.frame = this.#mapped?.frame ?? printed;
    this.site = siteOf(this.frame.file, failure);
  }

  get name(): string {
    const { name } = this.#printed;
    this.#name ??= functionName(this.#mapped ? (this.functionInText() ?? keptName(name)) : name);
    return this.#name;
  }

  functionInText(): string | undefined {
    return this.#read()?.statement?.name;
  }

  position(): SourcePosition | undefined {
    const reading = this.#read();
    return reading && positionOf(reading);
  }

  failsForCaller(): boolean {
    const reading = this.#read();
    return reading !== undefined && failsForCaller(reading);
  }

  #read(): Reading | undefined {
    if (this.#reading === undefined) this.#reading = this.#lookInto() ?? null;
    return this.#reading ?? undefined;
  }

  #lookInto(): Reading | undefined {
    const mapped = this.#mapped;
    if (!mapped) return readFrame(sourceOf(this.frame.file, this.#failure), this.frame);
    const original = readFrame(mapped.source(), this.frame);
    if (original) return original;
    // Without the original text the built one must do, if people could have written it.
    const built = readFrame(sourceOf(this.#printed.file, this.#failure), this.#printed);
    return built?.statement && built;
  }
}

function readFrame(text: string | undefined, { line = 0, column }: Frame): Reading | undefined {
  return text === undefined || line <= 0 ? undefined : readingAt(text, line, column);
}

/** Where a map is needed and no text can be had, a short name is a minifier's: another one in every build. */
function keptName(printed: string): string {
  return functionName(printed).length > MINIFIED_NAME ? printed : '';
}
