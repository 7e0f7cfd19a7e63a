/** Look-up of a file's whole text, by the name a stack gives it or the name a source map gives it. */
export type SourceLookup = (file: string) => string | undefined;

/** Where a place in a built file came from; lines count from 1, columns too, as in stacks. */
export interface OriginalPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A source map ready to be asked; `@fr/bucket/source-map` makes them, anything of this shape will do. */
export interface SourceMap {
  originalPlace(line: number, column: number): OriginalPlace | undefined;
  /** Text of an original file, when the map carries it. */
  sourceText?(file: string): string | undefined;
}

/** A source map as files hold it, version 3; index maps have sections. */
export interface RawSourceMap {
  readonly sources?: readonly (string | null)[];
  readonly sourcesContent?: readonly (string | null)[];
  readonly sourceRoot?: string;
  readonly mappings?: string;
  readonly sections?: readonly {
    readonly offset: { readonly line: number; readonly column: number };
    readonly map: RawSourceMap;
  }[];
}

/** What is known about a thrown value; every field may be missing, and whatever is there is only read. */
export interface ErrorFacts {
  readonly name?: string | undefined;
  readonly message?: string | undefined;
  readonly stack?: string | undefined;
  readonly code?: string | number | undefined;
  readonly errno?: number | string | undefined;
  readonly syscall?: string | undefined;
  readonly cause?: ErrorFacts | undefined;
  /** Members of an AggregateError. */
  readonly errors?: readonly ErrorFacts[] | undefined;
  /** `typeof` of what was thrown, or `null`, when it was not an Error; `message` is then its text. */
  readonly thrown?: string | undefined;
}

interface FailureFacts {
  readonly program: string;
  readonly programVersion: string;
  readonly platform?: string | undefined;
  /** Versions of installed modules by name, for paths that do not tell them. */
  readonly modules?: Readonly<Record<string, string>> | undefined;
  /** The map of a built file, by the name a stack gives that file: ready to be asked, or raw as value or JSON text. */
  readonly sourceMap?: ((file: string) => SourceMap | RawSourceMap | string | undefined) | undefined;
  readonly source?: SourceLookup | undefined;
}

export interface ErrorFailure extends FailureFacts {
  readonly kind: 'error';
  readonly error: ErrorFacts;
}

export interface SignalFailure extends FailureFacts {
  readonly kind: 'signal';
  /** Name as the operating system gives it, `SIGSEGV`. */
  readonly signal: string;
}

export interface ExitFailure extends FailureFacts {
  readonly kind: 'exit';
  readonly exitCode: number;
}

export interface FatalFailure extends FailureFacts {
  readonly kind: 'fatal';
  /** Trigger of a diagnostic report or the text of a fatal error: `OOMError`, `FatalError`. */
  readonly trigger: string;
  /** Native frames, innermost first: one symbol per element, as a diagnostic report lists them. */
  readonly nativeStack?: readonly (string | { readonly symbol: string })[] | undefined;
}

export interface HangFailure extends FailureFacts {
  readonly kind: 'hang';
  readonly blockedMs: number;
  /** Stack of the blocked thread, if it could be had. */
  readonly stack?: string | undefined;
}

export interface NativeFailure extends FailureFacts {
  readonly kind: 'native';
  readonly module: string;
  readonly moduleVersion?: string | undefined;
  /** Distance of the faulting instruction from the module's start. */
  readonly offset: number;
}

/** What happened, by kind. */
export type Failure = ErrorFailure | SignalFailure | ExitFailure | FatalFailure | HangFailure | NativeFailure;
