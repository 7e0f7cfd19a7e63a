import type { ErrorFacts } from '@fr/bucket';
import type { Settings } from '../host/settings/settings.ts';
import type { NotedFailure } from '../spool/failure-facts.ts';
import type { Place } from './bucketing.ts';
import { moduleVersions } from './module-versions.ts';

/** A failure as the host sees it: its facts, and what decides its place apart from the message. */
export interface Observation {
  readonly failure: NotedFailure;
  readonly frames: string | undefined;
}

/** What an observer needs. */
export interface ObserverPorts {
  readonly settings: Pick<Settings, 'program' | 'version'>;
  /** Loads what finds buckets. */
  readonly bucketing: () => { placeOf(failure: NotedFailure): Place };
}

const REMEMBERED = 256;

/**
 * Adds what the program knows to the facts of thrown values, and finds their buckets. That reads files; a program that fails the same way a
 * thousand times a second has the same frames each time, so what was found for some frames is remembered.
 */
export class Observer {
  readonly #ports: ObserverPorts;
  readonly #modules = new Map<string, Readonly<Record<string, string>>>();
  readonly #places = new Map<string, Place>();

  constructor(ports: ObserverPorts) {
    this.#ports = ports;
  }

  observe(error: ErrorFacts): Observation {
    const { program, version } = this.#ports.settings;
    const frames = framesOf(error);
    const modules = remembered(this.#modules, frames, () => moduleVersions(error.stack));
    const { platform } = process;
    const failure = { kind: 'error' as const, program, programVersion: version, platform, modules, error };
    return { failure, frames };
  }

  observeHang(blockedMs: number, stack: string | undefined): Observation {
    const { program, version } = this.#ports.settings;
    const modules = moduleVersions(stack);
    const known = { program, programVersion: version, platform: process.platform, modules };
    const failure = { kind: 'hang' as const, ...known, blockedMs, ...(stack === undefined ? {} : { stack }) };
    return { failure, frames: undefined };
  }

  placeOf({ failure, frames }: Observation): Place {
    return remembered(this.#places, frames, () => this.#ports.bucketing().placeOf(failure));
  }
}

function remembered<V>(known: Map<string, V>, key: string | undefined, find: () => V): V {
  const value = (key === undefined ? undefined : known.get(key)) ?? find();
  if (key === undefined) return value;
  if (known.size >= REMEMBERED) known.clear();
  known.set(key, value);
  return value;
}

/** What decides the place, without the message: nothing where there are causes, whose frames may decide too. */
function framesOf(error: ErrorFacts): string | undefined {
  if (error.stack === undefined || error.cause !== undefined || error.errors !== undefined) return undefined;
  const frames = error.stack.split('\n').filter((line) => /^\s+at /.test(line));
  if (frames.length === 0) return undefined;
  return [error.name, error.code, error.errno, error.syscall, error.thrown, ...frames].join('\n');
}
