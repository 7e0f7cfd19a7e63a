import { type Bucket, bucketId, bucketOf, type ErrorFacts } from '@fr/bucket';
import type { Settings } from '../host/settings.ts';
import { sourceReader } from '../source-text.ts';
import type { NotedFailure } from '../spool/failure-facts.ts';
import { errorFacts } from './error-facts.ts';
import { moduleVersions } from './module-versions.ts';

/** A failure as the host sees it: its facts, and the bucket it will fall into. */
export interface Observation {
  readonly failure: NotedFailure;
  readonly bucket: Bucket;
  readonly bucketId: string;
}

const REMEMBERED = 256;

/**
 * Finds the buckets of thrown values. Bucketing reads source files; a program that fails the same way a thousand times
 * a second has the same frames each time, so the place found for some frames is remembered.
 */
export class Observer {
  readonly #settings: Pick<Settings, 'program' | 'version'>;
  readonly #places = new Map<string, Omit<Observation, 'failure'> & Modules>();

  constructor(settings: Pick<Settings, 'program' | 'version'>) {
    this.#settings = settings;
  }

  observe(thrown: unknown): Observation {
    const error = errorFacts(thrown);
    const frames = framesOf(error);
    const known = frames === undefined ? undefined : this.#places.get(frames);
    const modules = known?.modules ?? moduleVersions(error.stack);
    const failure = {
      kind: 'error' as const,
      program: this.#settings.program,
      programVersion: this.#settings.version,
      platform: process.platform,
      modules,
      error,
    };
    if (known) return { failure, bucket: known.bucket, bucketId: known.bucketId };
    const { source, sourceMap } = sourceReader();
    const bucket = bucketOf({ ...failure, source, sourceMap });
    const place = { bucket, bucketId: bucketId(bucket) };
    if (frames !== undefined) this.#remember(frames, { ...place, modules });
    return { failure, ...place };
  }

  #remember(frames: string, place: Omit<Observation, 'failure'> & Modules): void {
    if (this.#places.size >= REMEMBERED) this.#places.clear();
    this.#places.set(frames, place);
  }
}

interface Modules {
  readonly modules: Readonly<Record<string, string>>;
}

/** What decides the place, without the message: nothing where there are causes, whose frames may decide too. */
function framesOf(error: ErrorFacts): string | undefined {
  if (error.stack === undefined || error.cause !== undefined || error.errors !== undefined) return undefined;
  const frames = error.stack.split('\n').filter((line) => /^\s+at /.test(line));
  if (frames.length === 0) return undefined;
  return [error.name, error.code, error.errno, error.syscall, error.thrown, ...frames].join('\n');
}
