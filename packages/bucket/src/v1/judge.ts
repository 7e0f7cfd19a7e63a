/** Scheme v1: which place of which module a failure names, and why. */
import type { Bucket } from '../bucket.ts';
import type { ChosenFrame } from '../explanation.ts';
import type { Failure } from '../failure.ts';
import { digest } from '../identity.ts';
import { sourceMapOf } from '../source/raw-map.ts';
import { attempt, remembered } from '../total.ts';
import { locateError } from './kinds/error.ts';
import { locateHang } from './kinds/hang.ts';
import { locateExit, locateFatal, locateNative, locateSignal } from './kinds/other-kinds.ts';
import type { Notes } from './notes.ts';
import { newNotes, ruleFired } from './notes.ts';
import type { Verdict } from './verdict.ts';

export interface Judgement {
  readonly bucket: Bucket;
  readonly frame: ChosenFrame | undefined;
  readonly notes: Notes;
}

const MAX_NAME = 128;
const MAX_VERSION = 64;
const MAX_MODULE = 214;
const MAX_LOCATION = 512;

/** Total: input that breaks a rule is judged without it, down to a bucket that names only the program. */
export function judge(input: Failure): Judgement {
  const notes = newNotes();
  const program = text(() => input.program, MAX_NAME) || 'unknown';
  const programVersion = text(() => input.programVersion, MAX_VERSION);
  const verdict = attempt(() => locate({ ...input, ...lookUps(input), program, programVersion }, notes));
  if (!verdict) ruleFired(notes, 'unreadable');
  const { module, version, location = '', frame } = verdict ?? {};
  const bucket: Bucket = {
    program,
    programVersion,
    module: module ? text(() => module, MAX_MODULE) : program,
    moduleVersion: module ? text(() => version, MAX_VERSION) : programVersion,
    location: text(() => shortened(location), MAX_LOCATION) || 'unknown',
  };
  return { bucket, frame: frame && { ...frame, module: frame.module || program }, notes };
}

/** One stack names the same few files over and over. */
function lookUps({ source, sourceMap }: Failure): Pick<Failure, 'source' | 'sourceMap'> {
  return {
    ...(source && { source: remembered((file) => source(file)) }),
    ...(sourceMap && { sourceMap: remembered((file) => sourceMapOf(sourceMap(file))) }),
  };
}

function locate(failure: Failure, notes: Notes): Verdict | undefined {
  switch (failure.kind) {
    case 'error':
      return locateError(failure, notes);
    case 'signal':
      return locateSignal(failure, notes);
    case 'exit':
      return locateExit(failure, notes);
    case 'fatal':
      return locateFatal(failure, notes);
    case 'hang':
      return locateHang(failure, notes);
    case 'native':
      return locateNative(failure, notes);
    default:
      return undefined;
  }
}

/** Cut so that two long locations stay two. */
function shortened(location: string): string {
  return location.length > MAX_LOCATION
    ? `${location.slice(0, MAX_LOCATION - 10)}~${digest(location, 8)}`
    : location;
}

// Lone surrogates would not survive UTF-8, and the bucket must be the same on both ends of a wire.
function text(read: () => unknown, limit: number): string {
  return attempt(() => `${read() ?? ''}`.slice(0, limit).toWellFormed()) ?? '';
}
