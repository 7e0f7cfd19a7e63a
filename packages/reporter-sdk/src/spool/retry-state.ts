import { path } from '../builtin.ts';
import { readOwnJson, removeAny, writeDurably } from './folder/durable-file.ts';
import type { Spool } from './spool.ts';

const MAX_BYTES = 64 * 1024;

/** That a server did not take something, and how long it is left alone by a fr-reporter that a program has launched. */
export interface RetryState {
  /** Origin of the server; another one is not left alone. */
  readonly server: string;
  /** How many fr-reporters in a row. */
  readonly failures: number;
  /** Milliseconds since 1970; `at` when this was noted, so that a clock set back silences nobody. */
  readonly at: number;
  readonly notBefore: number;
  readonly why: string;
}

function fileOf(spool: Spool): string {
  return path.join(spool.folder, 'retry.json');
}

/** What is known of this server's not taking something; nothing where it took the last. */
export function readRetryState(spool: Spool, server: string): RetryState | undefined {
  const value = readOwnJson(fileOf(spool), MAX_BYTES) as Partial<RetryState> | undefined | null;
  const { failures, at, notBefore, why } = value ?? {};
  const known = [failures, at, notBefore].every((number) => Number.isSafeInteger(number));
  return known && value?.server === server && typeof why === 'string' ? (value as RetryState) : undefined;
}

export function keepRetryState(spool: Spool, state: RetryState): void {
  writeDurably(fileOf(spool), JSON.stringify(state));
}

/** The server took something, or somebody wants it to be asked now. */
export function forgetRetryState(spool: Spool): void {
  removeAny(fileOf(spool));
}
