/** Scheme v1: which place of which module a failure names, and why. */
import type { Bucket } from '../bucket.ts';
import type { ChosenFrame } from '../explanation.ts';
import type { Failure } from '../failure.ts';
import { digest } from '../identity.ts';
import { locateError } from './error.ts';
import { locateHang } from './hang.ts';
import { locateExit, locateFatal, locateNative, locateSignal } from './other-kinds.ts';
import type { Notes, Verdict } from './verdict.ts';
import { leaveOut, ruleFired } from './verdict.ts';

export interface Judgement {
  readonly bucket: Bucket;
  readonly frame: ChosenFrame | undefined;
  readonly notes: Notes;
}

const LIMITS = { program: 128, version: 64, module: 214, location: 512 } as const;

/** Total: input that breaks a rule is judged without it, down to a bucket that names only the program. */
export function judge(input: Failure): Judgement {
  const notes: Notes = { rules: [], leftOut: [] };
  const program = text(() => input.program, LIMITS.program) || 'unknown';
  const programVersion = text(() => input.programVersion, LIMITS.version);
  const verdict = locateSafely(input, program, programVersion, notes);
  const own = verdict.module === '';
  const bucket: Bucket = {
    program,
    programVersion,
    module: own ? program : text(() => verdict.module, LIMITS.module),
    moduleVersion: own ? programVersion : text(() => verdict.moduleVersion, LIMITS.version),
    location: text(() => shortened(verdict.location), LIMITS.location) || 'unknown',
  };
  return { bucket, frame: verdict.frame, notes };
}

function locateSafely(input: Failure, program: string, programVersion: string, notes: Notes): Verdict {
  try {
    return locate({ ...input, program, programVersion }, notes);
  } catch (error) {
    leaveOut(notes, 'failure', `could not be read: ${error instanceof Error ? error.name : typeof error}`);
    ruleFired(notes, 'unreadable', 'the failure is not of the documented shape');
    return { module: '', moduleVersion: '', location: 'unknown' };
  }
}

function locate(failure: Failure, notes: Notes): Verdict {
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
      ruleFired(notes, 'unknown-kind', 'the kind of failure is none that this scheme knows');
      return { module: '', moduleVersion: '', location: 'unknown' };
  }
}

/** Cut so that two long locations stay two. */
function shortened(location: string): string {
  const limit = LIMITS.location;
  return location.length <= limit ? location : `${location.slice(0, limit - 10)}~${digest(location, 8)}`;
}

// Lone surrogates would not survive UTF-8, and the bucket must be the same on both ends of a wire.
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function text(read: () => unknown, limit: number): string {
  try {
    const value = read();
    const known = typeof value === 'string' ? value : value === undefined || value === null ? '' : `${value}`;
    return known.slice(0, limit).replace(LONE_SURROGATE, '\u{fffd}');
  } catch {
    return '';
  }
}
