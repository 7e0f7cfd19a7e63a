import type { VendorStore } from '@fr/sync';
import type { Vendor } from './vendor.ts';

/** The vendor's store for offers: what is merged is looked through for problems that had been fixed. */
export function watchFixes({ store, fixes }: Pick<Vendor, 'store' | 'fixes'>): VendorStore {
  const { hits, demands, queries, settings } = store;
  return {
    demands,
    queries,
    settings,
    hits: {
      async merge(origin, totals, receivedAt) {
        const held = await hits.merge(origin, totals, receivedAt);
        const failed = totals.filter((total) => total.hits > 0);
        await fixes.look(failed.map(({ bucket }) => bucket));
        return held;
      },
    },
  };
}
