/**
 * What the site asks for at the next failure of a bucket. Written by fr-reporter after it has checked signature,
 * bucket and time; read by the host at a failure, which trusts it because the folder is its own user's.
 * @module
 */
import { isCollectedUnderLease, type SignedDemand } from '@fr/protocol';
import { fs, path } from '../builtin.ts';
import { isMissing, readOwnJson, removeAny, writeDurably } from './folder/durable-file.ts';
import { type Spool, subfolder } from './spool.ts';

const MAX_BYTES = 1024 * 1024;
const BUCKET_ID = /^b[a-z2-7]{26}$/;

/** A lease to collect, in milliseconds since 1970 by this machine's clock. */
export interface CachedLease {
  readonly demandId: string;
  readonly type: string;
  readonly fence: number;
  readonly askedAt: number;
  readonly until: number;
}

/** Demands for one bucket, as believed when they came, and what may be collected only under a lease. */
export interface CachedDemands {
  readonly bucketId: string;
  readonly demands: readonly SignedDemand[];
  readonly leases: readonly CachedLease[];
}

function fileOf(spool: Spool, bucketId: string): string {
  if (!BUCKET_ID.test(bucketId)) throw new TypeError('not a bucket id');
  return path.join(spool.folder, 'demands', `${bucketId}.json`);
}

/** Whether anything is asked for at the next failure of any bucket. */
export function hasDemands(spool: Spool): boolean {
  const folder = path.join(spool.folder, 'demands');
  return fs.existsSync(folder) && fs.readdirSync(folder).length > 0;
}

/**
 * Information types wanted at the next failure of this bucket; those whose demand has run out are left out, and those that
 * take a lease to be collected and have none in force.
 */
export function wantedTypes(spool: Spool, bucketId: string, now: number): ReadonlySet<string> {
  const { demands, leases } = readDemands(spool, bucketId);
  const leased = new Set(inForce(leases, now).map(({ type }) => type));
  const valid = demands.filter(({ terms }) => terms.until > now);
  const types = valid.flatMap(({ terms }) => terms.types.map(({ type }) => type));
  return new Set(types.filter((type) => !isCollectedUnderLease(type) || leased.has(type)));
}

/** Leases that are not over. A clock that was set back tells nothing, so none is in force then. */
export function inForce(leases: readonly CachedLease[], now: number): readonly CachedLease[] {
  return leases.filter(({ askedAt, until }) => askedAt <= now && now < until);
}

/** The demands kept for a bucket; none where there is no file or it is damaged. */
export function readDemands(spool: Spool, bucketId: string): CachedDemands {
  const value = readOwnJson(fileOf(spool, bucketId), MAX_BYTES) as Partial<CachedDemands> | undefined | null;
  const demands = Array.isArray(value?.demands) ? value.demands.filter(hasTerms) : [];
  const leases = Array.isArray(value?.leases) ? value.leases.filter(isLease) : [];
  return { bucketId, demands, leases };
}

function isLease(lease: CachedLease | null): boolean {
  return (
    typeof lease?.type === 'string' &&
    [lease.fence, lease.askedAt, lease.until].every((number) => Number.isSafeInteger(number))
  );
}

function hasTerms(demand: SignedDemand | null): boolean {
  const { id, until, types } = demand?.terms ?? {};
  return (
    typeof id === 'string' &&
    typeof until === 'number' &&
    Array.isArray(types) &&
    types.every((wanted: { readonly type?: unknown } | null) => typeof wanted?.type === 'string')
  );
}

/** Keeps the demands for a bucket, in place of those known before; none means that nothing is wanted any more. */
export function keepDemands(
  spool: Spool,
  bucketId: string,
  demands: readonly SignedDemand[],
  leases: readonly CachedLease[] = [],
): void {
  if (demands.length === 0) {
    removeAny(fileOf(spool, bucketId));
    return;
  }
  subfolder(spool, 'demands');
  writeDurably(fileOf(spool, bucketId), JSON.stringify({ bucketId, demands, leases }));
}

/** All demands that are kept. */
export function listDemands(spool: Spool): readonly CachedDemands[] {
  try {
    return fs
      .readdirSync(path.join(spool.folder, 'demands'))
      .map((name) => name.slice(0, -'.json'.length))
      .filter((bucketId) => BUCKET_ID.test(bucketId))
      .map((bucketId) => readDemands(spool, bucketId));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
