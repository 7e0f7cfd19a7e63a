import { isTimeoutError } from 'ky';
import { SyncError } from '../sync-error.ts';

/** Failures that happen before a connection is there: not one byte of a body has left. */
const BEFORE_CONNECTION: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** Puts what a request threw into our words. */
export function networkFailure(error: unknown, to: string, signal: AbortSignal | undefined): SyncError {
  if (error instanceof SyncError) return error;
  if (signal?.aborted) return new SyncError('aborted', `the request to ${to} was ended`, { cause: error });
  if (isTimeoutError(error))
    return new SyncError('timeout', `${to} did not answer in time`, { cause: error });
  const codes = causes(error).flatMap((cause) => ('code' in cause ? [String(cause.code)] : []));
  const code = codes[0] ?? 'no code';
  return new SyncError('unreachable', `${to} cannot be reached (${code})`, {
    cause: error,
    nothingLeft: codes.some((known) => BEFORE_CONNECTION.has(known)),
  });
}

/** An error, its causes and what those gathered, some steps deep. */
function causes(error: unknown, depth = 0): readonly Error[] {
  if (!(error instanceof Error) || depth > 5) return [];
  const gathered = error instanceof AggregateError ? error.errors : [];
  return [error, ...[error.cause, ...gathered].flatMap((cause) => causes(cause, depth + 1))];
}
