import type { DecisionInput } from '@fr/sync';
import { sentSoFar } from '../site/sent-so-far.ts';
import type { Site } from '../site/site.ts';

/** Everything a decision about an entry depends on, but for the entry. */
export async function decisionContext(site: Site, now: number): Promise<Omit<DecisionInput, 'entry'>> {
  const { upstream } = site.settings;
  const [demands, quotas] = await Promise.all([site.store.demands.list(), site.store.quotas.list()]);
  return {
    demands,
    quotas,
    policy: site.policy.policy,
    to: upstream === undefined ? '' : new URL(upstream.url).origin,
    programs: upstream?.programs ?? [],
    now,
    reviews: await site.reviews.reader(),
    spent: await sentSoFar(site),
  };
}
