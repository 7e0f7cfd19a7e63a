import type { Bucket, Failure } from '@fr/bucket';
import { CONSENT_LEVELS, type ConsentLevel, OUTCOMES, type Outcome } from '@fr/protocol';
import { normaliseId } from '@fr/protocol/ids';
import type { DeclaredFiles } from '../declared-files.ts';
import type { Breadcrumb } from '../trail/breadcrumbs.ts';

/** A failure as plain data, without the look-ups that only a live program can offer. */
export type NotedFailure = WithoutLookUps<Failure>;

type WithoutLookUps<F> = F extends Failure ? Omit<F, 'source' | 'sourceMap'> : never;

/** What the failing program knew about itself; nothing of it can be found out once it is gone. */
export interface ProcessFacts {
  readonly pid: number;
  readonly uptimeMs: number;
  /** Name and version of the runtime, `node 24.21.0`. */
  readonly runtime: string;
  /** Folder of the program's package.json. */
  readonly root?: string;
  readonly rssBytes?: number;
  readonly heapUsedBytes?: number;
  /** Values of the few variables that are allowed, by name. */
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * What the host leaves in the spool: raw facts of a failure. Not a failure report: that is made from this by
 * `fr-reporter`, with its bucket, after the host is gone.
 */
export interface FailureFacts {
  readonly format: 1;
  readonly reportId: string;
  /** Milliseconds since 1970, by the host's clock. */
  readonly at: number;
  /** Occurrences this stands for; never changes after it was written. */
  readonly count: number;
  readonly outcome: Outcome;
  readonly failure: NotedFailure;
  /** The hit was sent at least once, answered or not: a retry repeats it to the letter. */
  readonly tried?: true;
  /** Where the host saw it, used when a source file has changed since. */
  readonly seen?: Bucket;
  readonly process?: ProcessFacts;
  readonly consent: ConsentLevel;
  /** Information types the program has declared. */
  readonly declared: readonly string[];
  /** Files the program has named, for the types it has declared of them. */
  readonly files?: DeclaredFiles;
  readonly breadcrumbs?: readonly Breadcrumb[];
  /** Information types that lie beside this file as parts of their own. */
  readonly parts: readonly string[];
  /** Id of the run marker of the process that failed. */
  readonly life?: string;
  /** Set under `fr-reporter run`: the run this belongs to, so that one death is not reported twice. */
  readonly run?: string;
}

/** The facts in a value read back from disk, or nothing: whoever wrote it, it must not stop the reporter. */
export function readFacts(value: unknown): FailureFacts | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const facts = value as Partial<Record<keyof FailureFacts, unknown>>;
  const reportId = typeof facts.reportId === 'string' ? normaliseId(facts.reportId) : undefined;
  const whole =
    facts.format === 1 &&
    reportId !== undefined &&
    isWhole(facts.at, 0) &&
    isWhole(facts.count, 1) &&
    OUTCOMES.some((outcome) => outcome === facts.outcome) &&
    CONSENT_LEVELS.some((level) => level === facts.consent) &&
    isFailure(facts.failure) &&
    (facts.seen === undefined || isBucket(facts.seen)) &&
    isTexts(facts.declared) &&
    isTexts(facts.parts) &&
    (facts.files === undefined || (typeof facts.files === 'object' && facts.files !== null)) &&
    (facts.life === undefined || typeof facts.life === 'string');
  return whole ? ({ ...facts, reportId } as FailureFacts) : undefined;
}

function isWhole(value: unknown, least: number): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= least;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isBucket(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { program, programVersion, module, moduleVersion, location } = value as Partial<Bucket>;
  return isTexts([program, programVersion, module, moduleVersion, location]);
}

function isFailure(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, program, programVersion, error } = value as Record<string, unknown>;
  if (typeof program !== 'string' || program === '' || typeof programVersion !== 'string') return false;
  return kind === 'error' ? typeof error === 'object' && error !== null : typeof kind === 'string';
}
