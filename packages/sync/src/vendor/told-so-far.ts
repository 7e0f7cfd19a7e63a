/**
 * How far each origin has told, at the vendor: a mark for each (origin, epoch), and for each bucket that was told in full the
 * number it goes by since. One setting for the mark, one for each number (see `number-tables.ts`):
 *
 *     told ORIGIN EPOCH          {mark: {cursor, nonce}, table, first, next, given}
 *     number ORIGIN EPOCH N      [table, bucket id]
 *
 * An offer is taken only where it follows on what is held: then its numbers are looked up and given, and the mark moves behind
 * everything else. So numbers never change what they mean, and whatever a crash or a restored backup took is not behind the
 * mark: the site sees an earlier one, or none, and tells it again. The mark stays when the epoch is over: without it a site that
 * is put back to that epoch could not be told from one that has just begun.
 * @module
 */
import { type Bucket, bucketId } from '@fr/bucket';
import { type Mark, NOTHING_TOLD, type Offer, type TypeCount } from '@fr/protocol';
import { beginTable, isTable, type NumberTable, numberName, withNumbers } from './number-tables.ts';
import { offeredBucket } from './offered-bucket.ts';
import type { VendorStore } from './vendor-store.ts';

/** A bucket of an offer, whichever way it was named. */
export interface ToldBucket {
  readonly bucketId: string;
  readonly bucket: Bucket;
  readonly hits: number;
  /** Absent: as told before. */
  readonly holds?: readonly TypeCount[] | undefined;
}

const NO_MARK: Mark = { cursor: 0, nonce: NOTHING_TOLD };

interface Told extends NumberTable {
  readonly mark: Mark;
}

/** What an offer says, as far as the vendor understands it. */
export interface Understood {
  readonly buckets: readonly ToldBucket[];
  /** Notes that all of it is stored; gives where the origin is now, if the offer says where that would be. */
  readonly settle: () => Promise<Mark | undefined>;
}

/** Reads an offer. To be called by one at a time for one origin: see {@link inTurn}. */
export async function understand(store: VendorStore, offer: Offer): Promise<Understood> {
  const { origin, mark, after = [NOTHING_TOLD], numbered = [] } = offer;
  const full = offer.buckets.map(({ bucket, hits, holds }) => ({
    bucketId: bucketId(bucket),
    bucket,
    hits,
    holds,
  }));
  const name = `told ${origin.id} ${origin.epoch}`;
  const told = readTold(await store.settings.read(name));
  if (!mark) return { buckets: full, settle: async () => undefined };
  // The same offer a second time: its reply may be the one that is heard, and has to say as much as the first.
  const isRepeat = told?.mark.nonce === mark.nonce;
  const follows = isRepeat || after.includes(told?.mark.nonce ?? NOTHING_TOLD);
  if (!follows) return { buckets: full, settle: async () => told?.mark ?? NO_MARK };
  const known = await Promise.all(
    numbered.map(async ({ number, hits, holds }): Promise<ToldBucket | undefined> => {
      const row = await namedBucket(store, offer, number);
      return row && { ...row, hits, holds };
    }),
  );
  const buckets = [...full, ...known.filter((row) => row !== undefined)];
  if (buckets.length < full.length + numbered.length) {
    // A number nobody knows: as if nothing had ever been told, so that everything is told in full.
    await store.settings.write(name, { ...told, mark: NO_MARK });
    return { buckets, settle: async () => NO_MARK };
  }
  const settle = async (): Promise<Mark> => {
    const given = await giveNumbers(store, offer, told);
    await store.settings.write(name, { ...given, mark });
    return mark;
  };
  return { buckets, settle };
}

/** Writes down the numbers of an offer; the table as it is then. */
async function giveNumbers(
  { settings }: VendorStore,
  { origin, table = 0, buckets }: Offer,
  told: Told | undefined,
): Promise<NumberTable> {
  const before = told?.table === table ? told : undefined;
  if (!before) await beginTable(settings, origin, told);
  const numbered = buckets.flatMap(({ bucket, number }) =>
    number === undefined || table === 0 ? [] : [{ number, id: bucketId(bucket) }],
  );
  await Promise.all(
    numbered.map(({ number, id }) => settings.write(numberName(origin, number), [table, id])),
  );
  return withNumbers(
    before ?? { table, first: 0, next: 0, given: 0 },
    numbered.map(({ number }) => number),
  );
}

async function namedBucket(
  store: VendorStore,
  offer: Offer,
  number: number,
): Promise<{ readonly bucketId: string; readonly bucket: Bucket } | undefined> {
  const row = await store.settings.read(numberName(offer.origin, number));
  if (!Array.isArray(row) || row[0] !== offer.table || typeof row[1] !== 'string') return undefined;
  const bucket = await offeredBucket(store, [offer.origin.id], row[1]);
  return bucket && { bucketId: row[1], bucket };
}

function readTold(value: unknown): Told | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { mark, ...table } = value as Partial<Told>;
  return typeof mark?.nonce === 'number' && isTable(table) ? { ...table, mark } : undefined;
}

const turns = new WeakMap<VendorStore, Map<string, Promise<unknown>>>();

/** Runs one act for an origin after the other: of two offers at once, one follows on the other or is not taken. */
export async function inTurn<T>(store: VendorStore, originId: string, act: () => Promise<T>): Promise<T> {
  const running = turns.get(store) ?? new Map<string, Promise<unknown>>();
  turns.set(store, running);
  const mine = (running.get(originId) ?? Promise.resolve()).then(act, act);
  const done = mine
    .catch(() => undefined)
    .finally(() => {
      if (running.get(originId) === done) running.delete(originId);
    });
  running.set(originId, done);
  return await mine;
}
