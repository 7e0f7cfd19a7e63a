/**
 * One observed failure of the corpus, with the truth about it.
 *
 * The truth is known by construction: a fault is a place in a program that somebody broke on purpose, and every
 * case says which one it was made from. Bucketings never see the label.
 */
import type { ErrorFacts } from '@fr/bucket';

/** What a case varies against the others of its fault; results are given per scope and over all. */
export type Scope =
  | 'node-version'
  | 'install-path'
  | 'package-manager'
  | 'module-format'
  | 'message-data'
  | 'caller'
  | 'bundle'
  | 'engine'
  | 'operating-system'
  | 'stack-limit'
  | 'program-version'
  | 'module-version';

export interface Case {
  /** `collection/name`; equal for two cases exactly when one cause made both. */
  readonly fault: string;
  readonly scope: Scope;
  /** How this case came about, for people: `node 22.23.3, pnpm, /srv/Große Anwendung (1)`. */
  readonly how: string;
  readonly program: string;
  readonly programVersion: string;
  readonly platform?: string;
  readonly error: ErrorFacts;
  /** Versions of the installed modules, where the failing host could know them. */
  readonly modules?: Readonly<Record<string, string>>;
  /** Texts the host could read at the failure: file as the stack prints it, or its path → name of the text. */
  readonly sources: Readonly<Record<string, string>>;
  /** Source maps at hand: file as the stack prints it → name of the map's JSON text. */
  readonly maps: Readonly<Record<string, string>>;
}

/** The corpus: cases, and the texts they name by content hash. */
export interface Corpus {
  readonly cases: readonly Case[];
  readonly texts: ReadonlyMap<string, string>;
}
