import { LEASE_PURPOSES, type LeasePurpose } from '@fr/protocol';
import { knownLeases, type LeaseShelf } from '../lease/lease-desk.ts';
import { upstreamWords } from '../lease/upstream-word.ts';

/** A lease as an administrator sees it; times in milliseconds since 1970. */
export interface LeaseInForce {
  /** A reporter of this site, by the name of its key and the id it goes by today, or this site at its destination. */
  readonly who: { readonly key: string; readonly holder: string } | { readonly at: string };
  readonly for: LeasePurpose;
  readonly bucketId: string;
  readonly type: string;
  readonly until: number;
  /** Until when nobody else is given one, where that is still to come. */
  readonly othersFrom?: number;
}

/** Who brings, and who may collect, what is heavy: the reporters of a site, and the site itself for its destination. */
export async function leasesInForce(
  shelf: Pick<LeaseShelf, 'read'>,
  to: string | undefined,
  now: number,
): Promise<readonly LeaseInForce[]> {
  const words = to === undefined ? [] : await upstreamWords(shelf, to, now);
  const own = words
    .filter(({ may }) => may)
    .map(({ bucketId, type, until }) => ({
      ...{ who: { at: to ?? '' }, for: 'collect' as const, bucketId, type, until },
    }));
  const reporters = (await knownLeases(shelf, now)).flatMap(({ slot, holder, until, alone }) => {
    const [purpose, bucketId = '', type = ''] = slot.split(' ');
    const known = LEASE_PURPOSES.find((each) => each === purpose);
    if (!known) return [];
    const space = holder.lastIndexOf(' ');
    const who = { key: holder.slice(0, space), holder: holder.slice(space + 1) };
    return [{ who, for: known, bucketId, type, until, ...(alone > now ? { othersFrom: alone } : {}) }];
  });
  return [...own, ...reporters];
}
