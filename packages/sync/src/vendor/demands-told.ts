/**
 * Which demands an origin is told of: those that speak of a bucket it has offered, and no others; what a vendor wants to know of
 * one customer is no business of another. Whether one does is looked up once for a demand and an origin, and then kept in
 * memory: what is offered later is compared when it is offered.
 * @module
 */
import { type DemandPattern, matchesBucket } from '@fr/protocol';
import type { StoredDemand } from '../demand/stored-demand.ts';
import type { ToldBucket } from './told-so-far.ts';
import type { VendorStore } from './vendor-store.ts';

/** Whether each demand, by id and version, speaks of a bucket of an origin. */
type Relevance = Map<string, boolean>;

const known = new WeakMap<VendorStore, Map<string, Relevance>>();
/** Origins remembered at once; with 100 demands about 10 KB each. */
const MAX_ORIGINS = 10_000;

/** Those of the open demands that this origin is told of, in their order. */
export async function demandsTold(
  store: VendorStore,
  originId: string,
  open: readonly StoredDemand[],
  offered: readonly ToldBucket[],
): Promise<readonly StoredDemand[]> {
  const before = relevanceOf(store, originId);
  const now: Relevance = new Map();
  // Another offer may be answered meanwhile: what it has found out stays.
  const keep = (key: string, speaks: boolean): void => {
    now.set(key, speaks || relevanceOf(store, originId).get(key) === true);
  };
  for (const { demand } of open) {
    const { id, version, pattern } = demand.terms;
    const key = `${id} ${version}`;
    const speaks =
      before.get(key) === true ||
      offered.some(({ bucket }) => matchesBucket(pattern, bucket)) ||
      (before.get(key) ?? (await hasBucket(store, originId, pattern)));
    keep(key, speaks);
  }
  for (const [key, speaks] of now) keep(key, speaks);
  known.get(store)?.set(originId, now);
  return open.filter(({ demand }) => now.get(`${demand.terms.id} ${demand.terms.version}`));
}

function relevanceOf(store: VendorStore, originId: string): Relevance {
  const origins = known.get(store) ?? new Map<string, Relevance>();
  if (origins.size >= MAX_ORIGINS && !origins.has(originId)) origins.clear();
  known.set(store, origins);
  return origins.get(originId) ?? new Map();
}

async function hasBucket(store: VendorStore, originId: string, pattern: DemandPattern): Promise<boolean> {
  const { bucketId, problemId, program } = pattern;
  const filter = {
    originId,
    limit: 1000,
    ...(bucketId !== undefined && { bucketId }),
    ...(problemId !== undefined && { problemId }),
    ...(program !== undefined && !program.includes('*') && { program }),
  };
  let after: string | undefined;
  do {
    const page = await store.queries.buckets({ ...filter, ...(after === undefined ? {} : { after }) });
    if (page.rows.some(({ bucket }) => matchesBucket(pattern, bucket))) return true;
    after = page.next;
  } while (after !== undefined);
  return false;
}
