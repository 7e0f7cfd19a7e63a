import { createHash } from 'node:crypto';
import type { Origin } from '@fr/protocol';
import type { PassOptions } from './pass-options.ts';

/** What a cursor depends on. */
export type CursorOptions = Pick<PassOptions, 'policy' | 'programs' | 'store' | 'to'>;

/** How far the destination has been told, and under which circumstances that was true. */
interface Settled {
  readonly originId: string;
  readonly epoch: number;
  /** Hash of what may be offered: whoever lists another program wants its old buckets told too. */
  readonly listing: string;
  readonly cursor: number;
}

/** Where to go on telling: after the last answered offer, or from the start where anything about it has changed. */
export async function readCursor(options: CursorOptions, origin: Origin): Promise<number> {
  const value = await options.store.settings.read(settingName(options));
  if (typeof value !== 'object' || value === null) return 0;
  const { originId, epoch, listing, cursor } = value as Partial<Settled>;
  const same = originId === origin.id && epoch === origin.epoch && listing === listingHash(options);
  return same && typeof cursor === 'number' && Number.isSafeInteger(cursor) ? cursor : 0;
}

/** Remembers how far the destination has been told; only ever called after its reply. */
export async function settleCursor(options: CursorOptions, origin: Origin, cursor: number): Promise<void> {
  const settled: Settled = {
    originId: origin.id,
    epoch: origin.epoch,
    listing: listingHash(options),
    cursor,
  };
  await options.store.settings.write(settingName(options), settled);
}

function settingName({ to }: CursorOptions): string {
  return `sync-cursor ${to}`;
}

function listingHash({ programs, policy }: CursorOptions): string {
  // Not where a rule stands in the file: whoever puts a comment above it wants nothing told again.
  const offer = policy.offer.map(({ program, to }) => ({ program, to }));
  const listing = JSON.stringify([[...programs].sort(), offer]);
  return createHash('sha256').update(listing).digest('hex').slice(0, 32);
}
