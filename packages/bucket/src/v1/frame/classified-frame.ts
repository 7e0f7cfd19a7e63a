import type { Failure } from '../../failure.ts';
import { functionAt } from '../../source/position.ts';
import type { Frame } from '../../stack/frame.ts';
import { functionName } from './function-name.ts';
import type { MappedFrame } from './mapped-frame.ts';
import { mapFrame } from './mapped-frame.ts';
import type { Site } from './site.ts';
import { siteOf } from './site.ts';

/** A frame and what is known about where it lies. */
export interface ClassifiedFrame {
  readonly frame: Frame;
  readonly site: Site;
  readonly function: string;
  /** Text of the file the frame lies in, if it can be had. */
  source(): string | undefined;
}

/** Classifies on demand: the rules mostly stop after a few frames, and the program may be dying. */
export function classify(frames: readonly Frame[], failure: Failure): ClassifiedFrame[] {
  return frames.map((frame) => new LazyFrame(frame, failure));
}

class LazyFrame implements ClassifiedFrame {
  readonly #printed: Frame;
  readonly #failure: Failure;
  #mapped: MappedFrame | undefined;
  #site: Site | undefined;
  #function: string | undefined;

  constructor(frame: Frame, failure: Failure) {
    this.#printed = frame;
    this.#failure = failure;
  }

  get frame(): Frame {
    return this.#place().frame;
  }

  get site(): Site {
    this.#site ??= siteOf(this.frame.file, this.#failure);
    return this.#site;
  }

  get function(): string {
    this.#function ??= this.#place().mapped ? this.#nameInSource() : functionName(this.#printed.name);
    return this.#function;
  }

  source(): string | undefined {
    return this.#place().source();
  }

  #place(): MappedFrame {
    this.#mapped ??= mapFrame(this.#printed, this.#failure);
    return this.#mapped;
  }

  // Where a map is needed, the printed name is a minifier's; the source knows the real one.
  #nameInSource(): string {
    const { line, column } = this.frame;
    const text = this.source();
    const name = text === undefined || line === undefined ? undefined : functionAt(text, line, column);
    return functionName(name ?? this.#printed.name);
  }
}
