import { keyVerbs, tokenVerbs, type Verb } from '@fr/server';
import { verifyStore } from '@fr/store/embedded';
import { signDemandsAnew } from '@fr/sync';
import type { Vendor } from '../vendor/vendor.ts';
import { answerVerbs } from './answer-verbs.ts';
import { bundleVerbs } from './bundle-verbs.ts';
import { demandVerbs } from './demand-verbs.ts';
import { fixVerbs } from './fix-verbs.ts';
import { lookVerbs } from './look-verbs.ts';

/** Everything a vendor can see and do. */
export function vendorVerbs(vendor: Vendor, now: () => number): readonly Verb[] {
  return [
    ...lookVerbs(vendor, now),
    ...demandVerbs(vendor, now),
    ...answerVerbs(vendor, now),
    ...fixVerbs(vendor),
    ...bundleVerbs(vendor, now),
    ...tokenVerbs({ access: vendor.access, noun: 'sites', roles: { site: 'frs' } }),
    ...tokenVerbs({ access: vendor.access, noun: 'keys', roles: { administrator: 'fra' } }),
    ...keyVerbs({ key: vendor.key, now, onLost: () => signDemandsAnew({ ...vendor, now: now() }) }),
    { name: 'verify', acts: false, run: () => verifyStore(vendor.store) },
    { name: 'repair', acts: true, run: () => verifyStore(vendor.store, { repair: true }) },
  ];
}
