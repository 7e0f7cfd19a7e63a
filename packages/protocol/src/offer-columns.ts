/**
 * An offer as it travels: columns instead of maps, numbers sorted and as distances, so that what repeats stands once and a
 * bucket that the destination knows takes three or four bytes.
 * @module
 */
import type { Bucket } from '@fr/bucket';
import type { TypeCount } from './demand/demand.ts';
import type { Offer, Origin } from './offer.ts';

/** `POST /v1/offers` on the wire. Lists of one map have the same length. */
export interface OfferColumns {
  readonly protocol: number;
  readonly origin: Origin;
  /** Cursor and nonce. */
  readonly mark?: readonly number[];
  readonly after?: readonly number[];
  readonly table?: number;
  readonly tag?: string;
  readonly full?: {
    readonly program: readonly string[];
    readonly programVersion: readonly string[];
    readonly module: readonly string[];
    readonly moduleVersion: readonly string[];
    readonly location: readonly string[];
    readonly hits: readonly number[];
    /** Number of the first; the others follow without gaps. */
    readonly first?: number;
  };
  readonly numbered?: {
    /** Ascending; the first, then how much more each is than the one before. */
    readonly number: readonly number[];
    readonly hits: readonly number[];
  };
  readonly holds?: {
    readonly types: readonly string[];
    /** Different sets of held types: place in `types`, count, place, count … */
    readonly sets: readonly (readonly number[])[];
    /** Which bucket (those in full first, then the numbered ones; as distances), which set, which bucket, which set … */
    readonly of: readonly number[];
  };
}

const FIELDS = [
  'program',
  'programVersion',
  'module',
  'moduleVersion',
  'location',
] as const satisfies readonly (keyof Bucket)[];

/** Writes an offer as columns. Numbers of buckets in full must follow each other; numbered ones are put in order. */
export function offerColumns(offer: Offer): OfferColumns {
  const { protocol, origin, mark, after, table, tag, buckets } = offer;
  const numbered = [...(offer.numbered ?? [])].sort((a, b) => a.number - b.number);
  // What is told in full holds nothing where nothing is said.
  const held = buckets.map((one) => (one.holds.length > 0 ? one.holds : undefined));
  const holds = holdsColumns([...held, ...numbered.map((one) => one.holds)]);
  return {
    protocol,
    origin,
    ...(mark && { mark: [mark.cursor, mark.nonce] }),
    ...(after && { after }),
    ...(table !== undefined && { table }),
    ...(tag !== undefined && { tag }),
    ...(buckets.length > 0 && { full: fullColumns(buckets) }),
    ...(numbered.length > 0 && {
      numbered: {
        number: numbered.map(({ number }, place) => number - (numbered[place - 1]?.number ?? 0)),
        hits: numbered.map(({ hits }) => hits),
      },
    }),
    ...(holds && { holds }),
  };
}

function fullColumns(buckets: Offer['buckets']): NonNullable<OfferColumns['full']> {
  const column = (field: (typeof FIELDS)[number]): readonly string[] =>
    buckets.map(({ bucket }) => bucket[field]);
  const first = buckets[0]?.number;
  return {
    program: column('program'),
    programVersion: column('programVersion'),
    module: column('module'),
    moduleVersion: column('moduleVersion'),
    location: column('location'),
    hits: buckets.map(({ hits }) => hits),
    ...(first !== undefined && { first }),
  };
}

function holdsColumns(all: readonly (readonly TypeCount[] | undefined)[]): OfferColumns['holds'] | undefined {
  const types: string[] = [];
  const sets = new Map<string, { readonly place: number; readonly set: readonly number[] }>();
  const of: number[] = [];
  let last = 0;
  for (const [place, holds] of all.entries()) {
    if (!holds) continue;
    const set = holds.flatMap(({ type, count }) => [placeIn(types, type), count]);
    const known = sets.get(set.join()) ?? { place: sets.size, set };
    sets.set(set.join(), known);
    of.push(place - last, known.place);
    last = place;
  }
  if (of.length === 0) return undefined;
  return { types, sets: [...sets.values()].map(({ set }) => set), of };
}

function placeIn(list: string[], word: string): number {
  const place = list.indexOf(word);
  return place >= 0 ? place : list.push(word) - 1;
}
