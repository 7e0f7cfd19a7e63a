/**
 * One line of the ledger. Lines are chained: each carries the hash of the line before it, and its own hash over
 * everything else in it, so that a line altered, removed or put in between shows. (Only lines cut off at the very end
 * do not: whoever wants to see those keeps the last hash elsewhere.)
 * @module
 */
import { createHash } from 'node:crypto';
import { canonicalJson } from '@fr/protocol/signature';

/** What happens, before the ledger has given it a number. */
export interface LedgerEvent {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** `offer`, `lease`, `answers` (the question for them) and `entry` are written before the bytes leave; `outcome` follows each of them. */
  readonly kind: 'offer' | 'lease' | 'answers' | 'entry' | 'outcome';
  /** The destination's origin. */
  readonly to: string;
  /**
   * Bytes of the request's body. In an outcome: how many of them really left, which is fewer only where the attempt
   * failed.
   */
  readonly headerBytes: number;
  readonly payloadBytes: number;
  /** Demands under which it left. */
  readonly demands: readonly string[];
  /** Ids of the buckets it speaks of. */
  readonly buckets?: readonly string[];
  readonly entryId?: string;
  readonly types?: readonly string[];
  /** Who approved the demands, or looked at the entry; none where the policy alone let it go. */
  readonly approvedBy?: readonly string[];
  /** Why it left: each demand, and the rule or approval that let it go. */
  readonly why?: string;
  /** `sha256:<hex>`: of the offer's body, or the digest an entry's frame states in its last line. */
  readonly digest: string;
  /** In an outcome: the number of the record it belongs to. */
  readonly outcomeOf?: number;
  /** `delivered`: the other side has it. `failed`: it has not. `unknown`: no reply came, it may have. */
  readonly outcome?: 'delivered' | 'failed' | 'unknown';
  /** In an outcome: the other side's word, or what went wrong. */
  readonly reason?: string;
}

/** An event as it stands in the ledger. */
export interface LedgerRecord extends LedgerEvent {
  /** From 1, without gaps. */
  readonly seq: number;
}

/** A record with its place in the chain, as a line holds it. */
export interface ChainedRecord extends LedgerRecord {
  readonly prev: string;
  readonly hash: string;
}

/** `prev` of the first line. */
export const CHAIN_START: string = '0'.repeat(64);

/** Puts a record behind a line. */
export function chainRecord(record: LedgerRecord, prev: string): ChainedRecord {
  return { ...record, prev, hash: recordHash({ ...record, prev }) };
}

/** Whether a line is what its own hash says and stands behind the line it names. */
export function isChained(
  line: ChainedRecord,
  before: { readonly seq: number; readonly hash: string },
): boolean {
  const { hash, ...rest } = line;
  return line.prev === before.hash && line.seq === before.seq + 1 && recordHash(rest) === hash;
}

/** The line of a record, with its newline. */
export function printLine(record: ChainedRecord): string {
  return `${JSON.stringify(record)}\n`;
}

/** Reads a line, or nothing where it is not a record (torn by a crash, say). Does not look at the chain. */
export function parseLine(text: string): ChainedRecord | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function recordHash(record: object): string {
  return createHash('sha256')
    .update(`fr-ledger-1\n${canonicalJson(record)}`)
    .digest('hex');
}

const NUMBERS = ['seq', 'at', 'headerBytes', 'payloadBytes'] as const;
const TEXTS = ['to', 'digest', 'prev', 'hash'] as const;
const LISTS = ['demands', 'buckets', 'types', 'approvedBy'] as const;
const KINDS: readonly unknown[] = ['offer', 'lease', 'answers', 'entry', 'outcome'];

function isRecord(value: unknown): value is ChainedRecord {
  if (typeof value !== 'object' || value === null) return false;
  const members = value as Record<string, unknown>;
  return (
    KINDS.includes(members['kind']) &&
    NUMBERS.every((name) => Number.isSafeInteger(members[name])) &&
    TEXTS.every((name) => typeof members[name] === 'string') &&
    LISTS.every((name) => members[name] === undefined || isTextList(members[name])) &&
    members['demands'] !== undefined
  );
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
