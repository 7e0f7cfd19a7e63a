import type { TypeCount } from '../demand/demand.ts';
import { MAX_BUCKET_FIELD, MAX_OFFERED_BUCKETS } from '../limits.ts';
import type { Mark, NumberedBucket, Offer, OfferedBucket, Origin } from '../offer.ts';
import type { OfferColumns } from '../offer-columns.ts';
import { ProtocolError } from '../protocol-error.ts';
import { bucket } from './bucket.ts';
import { typeCount, typeName } from './demand.ts';
import { type Decoder, integer, list, optional, record, text } from './field.ts';
import { id } from './id.ts';
import { protocolVersion } from './message.ts';

const MAX = Number.MAX_SAFE_INTEGER;
/** Types one bucket may be said to hold, and marks an offer may follow on. */
const MAX_HOLDS = 64;
const MAX_AFTER = 256;

const whole = integer(0, MAX);
const texts = list(text(MAX_BUCKET_FIELD), MAX_OFFERED_BUCKETS);
const totals = list(whole, MAX_OFFERED_BUCKETS);

type Full = NonNullable<OfferColumns['full']>;
type Numbered = NonNullable<OfferColumns['numbered']>;
type Holds = NonNullable<OfferColumns['holds']>;

/** An optional member of {@link record}. */
function maybe<T>(decoder: Decoder<T>): Decoder<T> {
  return optional(decoder) as Decoder<T>;
}

const nonce = integer(1, MAX);
const origin: Decoder<Origin> = record<Origin>({ id, epoch: integer(1, MAX) });
const after = maybe(list(whole, MAX_AFTER));
const markPair: Decoder<readonly number[]> = list(whole, 2);

/** A mark, or none. */
export const mark: Decoder<Mark> = record<Mark>({ cursor: whole, nonce: whole });

const holds = list(typeCount(0), MAX_HOLDS);

/** An offer with a map for each bucket. */
export const plainOffer: Decoder<Offer> = record<Offer>({
  protocol: protocolVersion,
  origin,
  mark: maybe(mark),
  after,
  table: maybe(nonce),
  buckets: list(
    record<OfferedBucket>({ bucket, hits: whole, holds, number: maybe(nonce) }),
    MAX_OFFERED_BUCKETS,
  ),
  numbered: maybe(
    list(record<NumberedBucket>({ number: nonce, hits: whole, holds: maybe(holds) }), MAX_OFFERED_BUCKETS),
  ),
  tag: maybe(text(64)),
});

const columns: Decoder<OfferColumns> = record<OfferColumns>({
  protocol: protocolVersion,
  origin,
  mark: maybe(markPair),
  after,
  table: maybe(nonce),
  tag: maybe(text(64)),
  full: maybe(
    record<Full>({
      program: texts,
      programVersion: texts,
      module: texts,
      moduleVersion: texts,
      location: texts,
      hits: totals,
      first: maybe(nonce),
    }),
  ),
  numbered: maybe(record<Numbered>({ number: list(nonce, MAX_OFFERED_BUCKETS), hits: totals })),
  holds: maybe(
    record<Holds>({
      types: list(typeName, MAX_OFFERED_BUCKETS),
      sets: list(list(whole, 2 * MAX_HOLDS), 2 * MAX_OFFERED_BUCKETS),
      of: list(whole, 4 * MAX_OFFERED_BUCKETS),
    }),
  ),
});

function malformed(path: string, expected: string): never {
  throw new ProtocolError('malformed', `expected ${expected}`, { path });
}

/** An offer from its columns. */
export function offerOf(value: unknown): Offer {
  const read = columns(value, '');
  const { protocol, origin, after, table, tag, full, numbered } = read;
  const count = (full?.hits.length ?? 0) + (numbered?.hits.length ?? 0);
  const holds = read.holds ? heldBy(read.holds, count) : new Map<number, readonly TypeCount[]>();
  const buckets = full ? fullBuckets(full, holds) : [];
  return {
    protocol,
    origin,
    ...(read.mark && { mark: mark({ cursor: read.mark[0], nonce: read.mark[1] }, 'mark') }),
    ...(after && { after }),
    ...(table !== undefined && { table }),
    buckets,
    ...(numbered && { numbered: numberedBuckets(numbered, holds, buckets.length) }),
    ...(tag !== undefined && { tag }),
  };
}

type HeldBy = ReadonlyMap<number, readonly TypeCount[]>;

function fullBuckets(full: Full, holds: HeldBy): readonly OfferedBucket[] {
  const { first, hits, ...fields } = full;
  for (const [name, column] of Object.entries(fields))
    if (column.length !== hits.length) malformed(`full.${name}`, `${hits.length} texts`);
  return hits.map((total, place) => ({
    bucket: bucket(
      Object.fromEntries(Object.entries(fields).map(([name, column]) => [name, column[place]])),
      `full[${place}]`,
    ),
    hits: total,
    holds: holds.get(place) ?? [],
    ...(first !== undefined && { number: first + place }),
  }));
}

function numberedBuckets(
  { number, hits }: Numbered,
  holds: HeldBy,
  before: number,
): readonly NumberedBucket[] {
  if (number.length !== hits.length) malformed('numbered.hits', `${number.length} totals`);
  let sum = 0;
  return number.map((distance, place) => {
    sum += distance;
    if (!Number.isSafeInteger(sum)) malformed(`numbered.number[${place}]`, 'a number of a bucket');
    const held = holds.get(before + place);
    return { number: sum, hits: hits[place] ?? 0, ...(held && { holds: held }) };
  });
}

function heldBy({ types, sets, of }: Holds, count: number): HeldBy {
  if (of.length % 2 !== 0) malformed('holds.of', 'pairs');
  const read = sets.map((set, place) => heldTypes(set, types, `holds.sets[${place}]`));
  const held = new Map<number, readonly TypeCount[]>();
  let place = 0;
  for (let at = 0; at < of.length; at += 2) {
    place += of[at] ?? 0;
    const set = read[of[at + 1] ?? 0] ?? malformed(`holds.of[${at + 1}]`, 'the place of a set');
    if (place >= count || held.has(place)) malformed(`holds.of[${at}]`, 'a bucket of this offer, once');
    held.set(place, set);
  }
  return held;
}

const heldCount = typeCount(0);

function heldTypes(set: readonly number[], types: readonly string[], path: string): readonly TypeCount[] {
  if (set.length % 2 !== 0) malformed(path, 'pairs');
  return Array.from({ length: set.length / 2 }, (_, pair) =>
    heldCount({ type: types[set[2 * pair] ?? 0], count: set[2 * pair + 1] }, `${path}[${pair}]`),
  );
}
