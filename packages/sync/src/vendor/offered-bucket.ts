import type { Bucket } from '@fr/bucket';
import type { VendorStore } from './vendor-store.ts';

/** The bucket of this id, if one of these origins has offered it. */
export async function offeredBucket(
  store: Pick<VendorStore, 'queries'>,
  originIds: readonly string[],
  id: string,
): Promise<Bucket | undefined> {
  for (const originId of originIds) {
    const { rows } = await store.queries.buckets({ originId, bucketId: id, limit: 1 });
    if (rows[0]) return rows[0].bucket;
  }
  return undefined;
}
