/**
 * What the site asks for at the next failure of a bucket. Written by fr-reporter after it has checked signature,
 * bucket and time; read by the host at a failure, which trusts it because the folder is its own user's.
 * @module
 */
import type { SignedDemand } from '@fr/protocol';
import { fs, path } from '../builtin.ts';
import { isMissing, readOwnJson, writeDurably } from './durable-file.ts';
import { type Spool, subfolder } from './spool.ts';

const MAX_BYTES = 1024 * 1024;
const BUCKET_ID = /^b[a-z2-7]{26}$/;

/** Demands for one bucket, as believed when they came. */
export interface CachedDemands {
  readonly bucketId: string;
  readonly demands: readonly SignedDemand[];
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

/** Information types wanted at the next failure of this bucket; those whose demand has run out are left out. */
export function wantedTypes(spool: Spool, bucketId: string, now: number): ReadonlySet<string> {
  const { demands } = readDemands(spool, bucketId);
  const valid = demands.filter(({ terms }) => terms.until > now);
  return new Set(valid.flatMap(({ terms }) => terms.types.map(({ type }) => type)));
}

/** The demands kept for a bucket; none where there is no file or it is damaged. */
export function readDemands(spool: Spool, bucketId: string): CachedDemands {
  const value = readOwnJson(fileOf(spool, bucketId), MAX_BYTES) as Partial<CachedDemands> | undefined | null;
  const demands = Array.isArray(value?.demands) ? value.demands.filter(hasTerms) : [];
  return { bucketId, demands };
}

function hasTerms(demand: SignedDemand | null): boolean {
  return typeof demand?.terms?.until === 'number' && Array.isArray(demand.terms.types);
}

/** Keeps the demands for a bucket, in place of those known before; none means that nothing is wanted any more. */
export function keepDemands(spool: Spool, bucketId: string, demands: readonly SignedDemand[]): void {
  if (demands.length === 0) {
    fs.rmSync(fileOf(spool, bucketId), { force: true });
    return;
  }
  subfolder(spool, 'demands');
  writeDurably(fileOf(spool, bucketId), JSON.stringify({ bucketId, demands }));
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
