/**
 * What people said of single entries, where the policy says `review: entry`. Kept in the store's settings, one value for
 * all; who is forgotten (beyond 10,000, oldest first) has to be looked at again, so losing one never lets anything go.
 * @module
 */
import type { Store } from '@fr/store';
import type { EntryReview, ReviewOf } from '@fr/sync';

/** Reviews of a site. */
export interface EntryReviews {
  all(): Promise<ReadonlyMap<string, EntryReview>>;
  /** Looks one up in what is known now. */
  reader(): Promise<ReviewOf>;
  put(entryId: string, review: EntryReview): Promise<void>;
}

const SETTING = 'entry-reviews';
const MOST = 10_000;

/** Reviews in a store's settings. */
export function createEntryReviews(settings: Store['settings']): EntryReviews {
  let turn: Promise<unknown> = Promise.resolve();
  async function all(): Promise<ReadonlyMap<string, EntryReview>> {
    const value = await settings.read(SETTING);
    if (typeof value !== 'object' || value === null) return new Map();
    return new Map(Object.entries(value as Readonly<Record<string, EntryReview>>).filter(isReview));
  }
  return {
    all,
    async reader() {
      const known = await all();
      return (entryId) => known.get(entryId);
    },
    async put(entryId, review) {
      const mine = turn.then(async () => {
        const others = [...(await all())].filter(([id]) => id !== entryId);
        const kept = [...others, [entryId, review] as const].slice(-MOST);
        await settings.write(SETTING, Object.fromEntries(kept));
      });
      turn = mine.catch(() => undefined);
      await mine;
    },
  };
}

/** What does not have the shape of a review is none. */
function isReview([, review]: readonly [string, EntryReview]): boolean {
  const { decision, parts, to, by } = review ?? {};
  return (
    (decision === 'approved' || decision === 'denied') &&
    typeof parts === 'object' &&
    typeof to === 'string' &&
    typeof by === 'string'
  );
}
