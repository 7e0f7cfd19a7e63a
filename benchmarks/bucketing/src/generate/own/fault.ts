/** A place that was broken on purpose, and how to get a program there. */

/** What changes from user to user, and must not matter. */
export interface MessageData {
  readonly id: string;
  readonly user: string;
  readonly path: string;
  readonly text: string;
  readonly number: number;
}

/** One way to a fault: an operation of the program and what it is given, as JSON. */
export interface Way {
  readonly operation: string;
  readonly input: (data: MessageData) => unknown;
}

export interface Fault extends Way {
  /** Unique; the label of its cases is `own/<name>`. */
  readonly name: string;
  /** What the failure says, so that no case is kept that failed somewhere else. Seen: `name code message`. */
  readonly says: RegExp;
  /** Other operations of the program that lead to the same place. */
  readonly also?: readonly Way[];
  /** Only where it is thrown at once: through a promise, Node would hand out an error of its own instead. */
  readonly atOnce?: true;
  /** Such a failure has no frames at all, in every Node or in some. */
  readonly frameless?: true;
}

export interface Program {
  readonly name: string;
  /** The format it is shipped in when nothing else is being tried. */
  readonly format: Format;
  /** What stands in its node_modules: names below `faults/own/modules`. */
  readonly modules: readonly string[];
  /** Helpers with another name in release 1.1.0: old name → new name. */
  readonly renamed: Readonly<Record<string, string>>;
  readonly faults: readonly Fault[];
}

/**
 * Builds of one source: `typescript` is the source itself, run as it is; `mapped` is `tsc-esm` run with
 * `--enable-source-maps`, so that Node prints places in the source.
 */
export type Format = 'tsc-esm' | 'tsc-cjs' | 'esbuild-esm' | 'esbuild-cjs' | 'typescript' | 'mapped';

export const FORMATS: readonly Format[] = [
  'tsc-esm',
  'tsc-cjs',
  'esbuild-esm',
  'esbuild-cjs',
  'typescript',
  'mapped',
];

export type Release = '1.0.0' | '1.1.0';
