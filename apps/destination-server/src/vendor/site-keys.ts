import type { Settings } from '@fr/store';
import type { ImportBundleOptions } from '@fr/sync';

const SETTING = 'site-keys';

/** Keys of sites as their first bundles introduced them and as they have changed since, by the hash of their tokens. */
export function createSiteKeys(settings: Settings): ImportBundleOptions['siteKeys'] {
  async function all(): Promise<Readonly<Record<string, readonly string[]>>> {
    const value = await settings.read(SETTING);
    return typeof value === 'object' && value !== null ? (value as Record<string, readonly string[]>) : {};
  }
  return {
    async of(hash) {
      const known = await all();
      return (Object.hasOwn(known, hash) ? known[hash] : undefined) ?? [];
    },
    async pin(hash, keys) {
      await settings.write(SETTING, { ...(await all()), [hash]: keys });
    },
  };
}
