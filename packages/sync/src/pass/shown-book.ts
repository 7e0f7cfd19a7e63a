import { bucketId } from '@fr/bucket';
import type { QuotaBook } from '../decision/quota-book.ts';
import type { HeldEntry, SiteStore } from './site-store.ts';

/** Shows a book the buckets of these entries. */
export async function showBuckets(
  book: QuotaBook,
  { quotas }: Pick<SiteStore, 'quotas'>,
  entries: readonly HeldEntry[],
): Promise<void> {
  for (const { header } of entries) {
    const id = bucketId(header.bucket);
    if (!book.knows(id)) book.show(id, header.bucket, await quotas.list(id));
  }
}
