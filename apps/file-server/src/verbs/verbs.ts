import { keyVerbs, tokenVerbs, type Verb } from '@fr/server';
import { verifyStore } from '@fr/store/embedded';
import type { Site } from '../site/site.ts';
import type { Upward } from '../site/upward.ts';
import { vendorKey } from '../site/vendor-key.ts';
import { siteAnswerVerbs } from './answer-verbs.ts';
import { bundleVerbs } from './bundle-verbs.ts';
import { demandVerbs } from './demand-verbs.ts';
import { lookVerbs } from './look-verbs.ts';
import { policyVerbs } from './policy-verbs.ts';
import { reviewVerbs } from './review-verbs.ts';
import { syncVerbs } from './sync-verbs.ts';

/** Everything an administrator of a site can see and do. */
export function siteVerbs(site: Site, upward: Upward, now: () => number): readonly Verb[] {
  return [
    ...lookVerbs(site, now),
    ...demandVerbs(site, now),
    ...siteAnswerVerbs(site, upward, now),
    ...policyVerbs(site, now),
    ...reviewVerbs(site, upward, now),
    ...syncVerbs(site, upward),
    ...bundleVerbs(upward),
    ...tokenVerbs({ access: site.access, noun: 'keys', roles: { reporter: 'frk', administrator: 'fra' } }),
    ...keyVerbs({ key: site.key, now, more: () => vendorKey(site) }),
    { name: 'verify', acts: false, run: () => verifyStore(site.store) },
    { name: 'repair', acts: true, run: () => verifyStore(site.store, { repair: true }) },
  ];
}
