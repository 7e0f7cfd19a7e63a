import type { Store } from '@fr/store';
import { enrolAnew, knownVendorKeys } from '@fr/sync';
import { pinnedFingerprint, type SiteSettings } from './site-settings.ts';

/** Takes the key that the token pins for the vendor's, where it is another than before and no chain led to it. */
export async function beginTrust(store: Store, { upstream }: SiteSettings): Promise<void> {
  if (!upstream) return;
  const pinned = pinnedFingerprint(upstream);
  await enrolAnew(store, { pinned, to: new URL(upstream.url).origin, now: Date.now() });
}

/** Which key of the vendor's is believed: the one the token pins, or the one that took its place. */
export async function vendorKey(site: {
  readonly store: Store;
  readonly settings: SiteSettings;
}): Promise<object> {
  const { upstream } = site.settings;
  if (!upstream) return {};
  const pinned = pinnedFingerprint(upstream);
  const known = await knownVendorKeys(site.store.settings, pinned);
  return { vendor: { pinned, inForce: known.at(-1) ?? pinned } };
}
