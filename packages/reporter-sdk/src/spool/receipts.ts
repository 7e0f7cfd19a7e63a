import { fs, path } from '../builtin.ts';
import { isMissing, readOwnJson, writeDurably } from './folder/durable-file.ts';
import { type Spool, subfolder } from './spool.ts';

const MAX_BYTES = 256 * 1024;

/** An information type that was asked for and not sent, and why. */
export interface NotSent {
  readonly type: string;
  readonly why: string;
}

/** An entry, and what became of it. */
export interface SentEntry {
  readonly entryId: string;
  /** `withheld`: it was made, and withdrawn before the site had it. */
  readonly result: 'withheld' | 'stored' | 'duplicate' | 'not-needed' | 'refused-by-policy' | 'refused';
  readonly types: readonly string[];
  readonly bytes: number;
  readonly demands: readonly string[];
  readonly reason?: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** How a failure was settled: what left the machine, what did not and why. For the person at this machine. */
export interface FailureReceipt {
  readonly reportId: string;
  readonly bucketId: string;
  readonly bucketKey: string;
  /** When it happened and when it was settled, milliseconds since 1970. */
  readonly at: number;
  readonly settledAt: number;
  readonly count: number;
  readonly outcome: string;
  /** Where it went: the server's origin; empty where it went nowhere. */
  readonly server: string;
  readonly hit: 'counted' | 'duplicate' | 'refused' | 'withdrawn';
  /** Why the hit was refused, or what is to be known of a withdrawn one. */
  readonly reason?: string;
  readonly entry?: Omit<SentEntry, 'at'>;
  /** Entries that were made later, of what was held, for demands that came later. */
  readonly recalled?: readonly SentEntry[];
  readonly notSent: readonly NotSent[];
  readonly run?: string;
  /** Id of the run marker of the process that failed. */
  readonly life?: string;
}

/** Writes a receipt, durably; one for the same failure is replaced. */
export function writeReceipt(spool: Spool, receipt: FailureReceipt): void {
  writeDurably(path.join(subfolder(spool, 'receipts'), `${receipt.reportId}.json`), JSON.stringify(receipt));
}

/** The receipt of a failure, or nothing while it is not settled. */
export function readReceipt(spool: Spool, reportId: string): FailureReceipt | undefined {
  const value = readOwnJson(path.join(spool.folder, 'receipts', `${reportId}.json`), MAX_BYTES);
  return isReceipt(value) && value.reportId === reportId ? value : undefined;
}

function isReceipt(value: unknown): value is FailureReceipt {
  if (typeof value !== 'object' || value === null) return false;
  const { bucketId, bucketKey, at, settledAt, count, hit, entry, recalled, notSent } = value as Partial<
    Record<keyof FailureReceipt, unknown>
  >;
  return (
    [bucketId, bucketKey, hit].every((text) => typeof text === 'string') &&
    [at, settledAt, count].every((number) => Number.isSafeInteger(number)) &&
    (entry === undefined || hasTypes(entry)) &&
    (recalled === undefined || (Array.isArray(recalled) && recalled.every(hasTypes))) &&
    Array.isArray(notSent) &&
    notSent.every((not: unknown) => typeof (not as NotSent | null)?.type === 'string')
  );
}

function hasTypes(entry: unknown): boolean {
  return Array.isArray((entry as { readonly types?: unknown } | null)?.types);
}

/** All receipts that are kept, oldest first; they are kept for 30 days. */
export function listReceipts(spool: Spool): readonly FailureReceipt[] {
  try {
    return fs
      .readdirSync(path.join(spool.folder, 'receipts'))
      .filter((name) => name.endsWith('.json'))
      .sort()
      .flatMap((name) => readReceipt(spool, name.slice(0, -'.json'.length)) ?? []);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
