/**
 * A book of leases with a clock, kept through a restart. What is given is in force at once and written down behind it,
 * one write at a time: a crash forgets the last few, which is safe (see the book).
 *
 * Time is counted on a clock that does not jump; only fences follow the calendar, so that they rise across restarts.
 * @module
 */
import { type HeldLease, type KeptBook, LeaseBook, type LeaseVerdict, type SlotAsk } from './lease-book.ts';

/** Where a book lies between two starts; `@fr/store`'s settings fit by shape. */
export interface LeaseShelf {
  read(name: string): Promise<unknown>;
  write(name: string, value: unknown): Promise<void>;
}

/** What a desk works with besides its shelf. */
export interface LeaseClocks {
  /** Milliseconds since 1970. Default: the clock. */
  readonly now?: () => number;
  /** Milliseconds since whenever, never running backwards. Default: `performance.now`. */
  readonly elapsed?: () => number;
  /** From 0 to below 1. */
  readonly random?: () => number;
}

/** Gives leases and knows which are in force. */
export interface LeaseDesk {
  grant(ask: SlotAsk): LeaseVerdict & { readonly expiresInMs?: number };
  /** The lease with this fence, if it is in force. */
  find(fence: number): HeldLease | undefined;
  /** Samples leased out in a slot, by leases that stand in the way of others. */
  leasedOut(slot: string): number;
  /** One sample was delivered under each of these. */
  spend(fences: readonly number[]): void;
  giveBack(fence: number): void;
  /** Resolves when what was given until now is written down, or could not be. */
  settled(): Promise<void>;
}

const SETTING = 'leases';
/** Fences have at most 15 digits: a hundred of them in a millisecond, until the year 2286. */
const FENCES_PER_MS = 100;

/** A lease that is in force, for whoever wants to know; times in milliseconds since 1970. */
export interface KnownLease {
  readonly slot: string;
  readonly holder: string;
  readonly count: number;
  readonly fence: number;
  readonly until: number;
  /** Until when it stands in the way of others; in the past where it does not. */
  readonly alone: number;
}

/** The leases in force as they were last written down. What a desk gave in the last moment may be missing. */
export async function knownLeases(
  shelf: Pick<LeaseShelf, 'read'>,
  now: number,
): Promise<readonly KnownLease[]> {
  const kept = await shelf.read(SETTING).catch(() => undefined);
  if (!isKept(kept)) return [];
  const at = 'at' in kept && typeof kept.at === 'number' ? kept.at : now;
  return kept.leases
    .map(({ leftMs, aloneMs, ...lease }) => ({ ...lease, until: at + leftMs, alone: at + aloneMs }))
    .filter(({ until }) => until > now);
}

/** A desk whose book is forgotten with it. */
export function createLeaseDesk(clocks: LeaseClocks = {}): LeaseDesk {
  return deskOver(
    new LeaseBook(),
    clocks,
    () => undefined,
    async () => undefined,
  );
}

/** A desk that goes on where the last one on this shelf stopped. A book that cannot be read is begun anew. */
export async function openLeaseDesk(shelf: LeaseShelf, clocks: LeaseClocks = {}): Promise<LeaseDesk> {
  const { now = Date.now, elapsed = () => performance.now() } = clocks;
  const kept = await shelf.read(SETTING).catch(() => undefined);
  const book = isKept(kept) ? LeaseBook.restore(kept, elapsed()) : new LeaseBook();
  let writing = false;
  let changed = false;
  /** The write that is under way or was last, and the one that will hold what changes from now on. */
  let under: Promise<void> = Promise.resolve();
  let next = Promise.withResolvers<void>();
  async function write(): Promise<void> {
    writing = true;
    while (changed) {
      changed = false;
      const { promise, resolve } = next;
      under = promise;
      next = Promise.withResolvers<void>();
      // What is not kept is forgotten by a restart, and nothing else; the store says elsewhere that its disk is ill.
      await shelf.write(SETTING, { ...book.keep(elapsed()), at: now() }).catch(() => undefined);
      resolve();
    }
    writing = false;
  }
  function onChange(): void {
    changed = true;
    if (!writing) void write();
  }
  // Not until nothing more is to be written: on a busy desk that may be never.
  return deskOver(book, { ...clocks, elapsed }, onChange, () => (changed ? next.promise : under));
}

function deskOver(
  book: LeaseBook,
  { now = Date.now, elapsed = () => performance.now(), random = Math.random }: LeaseClocks,
  onChange: () => void,
  settled: () => Promise<void>,
): LeaseDesk {
  return {
    grant(ask) {
      const at = elapsed();
      const fence = Math.trunc(now()) * FENCES_PER_MS + Math.floor(random() * FENCES_PER_MS);
      const verdict = book.grant(ask, at, fence);
      onChange();
      return verdict.granted ? { ...verdict, expiresInMs: Math.floor(verdict.lease.until - at) } : verdict;
    },
    find: (fence) => book.find(fence, elapsed()),
    leasedOut: (slot) => book.leasedOut(slot, elapsed()),
    spend(fences) {
      for (const fence of fences) book.spend(fence, elapsed());
      if (fences.length > 0) onChange();
    },
    giveBack(fence) {
      book.giveBack(fence, elapsed());
      onChange();
    },
    settled,
  };
}

function isKept(value: unknown): value is KeptBook {
  if (typeof value !== 'object' || value === null) return false;
  const { lastFence, leases } = value as Partial<Record<keyof KeptBook, unknown>>;
  return Number.isSafeInteger(lastFence) && Array.isArray(leases) && leases.every(isKeptLease);
}

function isKeptLease(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { slot, holder, count, fence, leftMs, aloneMs } = value as Record<string, unknown>;
  return (
    typeof slot === 'string' &&
    typeof holder === 'string' &&
    [count, fence].every((number) => Number.isSafeInteger(number)) &&
    typeof leftMs === 'number' &&
    typeof aloneMs === 'number'
  );
}
