/**
 * What a site was last told, kept by the watcher beside the site's disk, from the messages alone.
 * @module
 */
import { type Bucket, bucketId } from '@fr/bucket';
import {
  type EntryHeader,
  matchesBucket,
  type Offer,
  type OfferReply,
  type SignedDemand,
} from '@fr/protocol';

export interface Heard {
  /** Demands of the last reply, listed in it or named by their tag. */
  listed: readonly SignedDemand[];
  /** Lists that ever came, by tag: a site that died before it kept the last one is told by the tag of an earlier one. */
  readonly lists: Map<string, readonly SignedDemand[]>;
  /** Missing samples of each `demand bucket type`, where a reply has said. */
  readonly quotas: Map<string, number>;
  /** Buckets told in full, by table and number. */
  readonly numbers: Map<string, Bucket>;
  /** Signed demands that ever came. */
  readonly demands: Map<string, SignedDemand>;
  /** `entry type` pairs that have left. */
  readonly gone: Map<string, { readonly bucket: EntryHeader['bucket']; readonly type: string }>;
}

export function hearNothing(): Heard {
  return {
    listed: [],
    lists: new Map(),
    quotas: new Map(),
    numbers: new Map(),
    demands: new Map(),
    gone: new Map(),
  };
}

/** As it is on a copy of the disk. */
export function copyHeard({ listed, lists, quotas, numbers, demands, gone }: Heard): Heard {
  return {
    listed,
    lists: new Map(lists),
    quotas: new Map(quotas),
    numbers: new Map(numbers),
    demands: new Map(demands),
    gone: new Map(gone),
  };
}

/** Of the buckets of an offer its reply says all; of others it says nothing. */
export function hearReply(heard: Heard, offer: Offer, reply: OfferReply): void {
  const list = reply.demands ?? heard.lists.get(reply.tag ?? '');
  if (list) hearDemands(heard, list);
  if (list && reply.tag !== undefined) heard.lists.set(reply.tag, list);
  for (const { bucket, number = 0 } of offer.buckets) heard.numbers.set(`${offer.table} ${number}`, bucket);
  // Of an offer that was not taken only what it told in full was understood.
  const isTaken = !reply.mark || reply.mark.nonce === offer.mark?.nonce;
  const numbered = (isTaken ? (offer.numbered ?? []) : []).flatMap(
    ({ number }) => heard.numbers.get(`${offer.table} ${number}`) ?? [],
  );
  const samples = heard.listed.flatMap(({ terms }) =>
    terms.types.map(({ type }) => ({ id: terms.id, type })),
  );
  for (const bucket of [...offer.buckets.map((one) => one.bucket), ...numbered])
    for (const { id, type } of samples) heard.quotas.set(`${id} ${bucketId(bucket)} ${type}`, 0);
  for (const { demandId, bucketId: id, type, count } of reply.quotas)
    heard.quotas.set(`${demandId} ${id} ${type}`, count);
}

/** What was said of a demand holds no longer when it says something else. */
function hearDemands(heard: Heard, demands: readonly SignedDemand[]): void {
  const before = new Map(heard.listed.map((demand) => [demand.terms.id, demand.signature]));
  const changed = demands.filter(({ terms, signature }) => before.get(terms.id) !== signature);
  const stale = [...heard.quotas.keys()].filter((key) =>
    changed.some(({ terms }) => key.startsWith(`${terms.id} `)),
  );
  for (const key of stale) heard.quotas.delete(key);
  heard.listed = demands;
  for (const demand of demands) heard.demands.set(demand.terms.id, demand);
}

/** Whether what a site was told asks for a type of a bucket. */
export function isWanted({ listed, quotas }: Heard, bucket: Bucket, type: string): boolean {
  return listed.some(({ terms }) => {
    const asks = terms.types.some((wanted) => wanted.type === type) && matchesBucket(terms.pattern, bucket);
    return asks && quotas.get(`${terms.id} ${bucketId(bucket)} ${type}`) !== 0;
  });
}
