import type { Settings } from '@fr/store';
import type { ImportBundleOptions } from '@fr/sync';

const SETTING = 'site-keys';

/** Keys of sites as their first bundles introduced them, by the hash of their tokens. */
export function createSiteKeys(settings: Settings): ImportBundleOptions['siteKeys'] {
  async function all(): Promise<Readonly<Record<string, string>>> {
    const value = await settings.read(SETTING);
    return typeof value === 'object' && value !== null ? (value as Record<string, string>) : {};
  }
  return {
    async of(hash) {
      const known = await all();
      return Object.hasOwn(known, hash) ? known[hash] : undefined;
    },
    async pin(hash, fingerprint) {
      await settings.write(SETTING, { ...(await all()), [hash]: fingerprint });
    },
  };
}
