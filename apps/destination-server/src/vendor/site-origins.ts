import type { Settings } from '@fr/store';

const SETTING = 'site-origins';

/** Which origins have spoken with which site's token: entries are taken only of buckets these have offered. */
export interface SiteOrigins {
  /** Remembers that a site's token was used by an origin. */
  note(site: string, originId: string): Promise<void>;
  /** Origins that have used the token of this site. */
  of(site: string): Promise<readonly string[]>;
}

/** Kept in the store's settings; written only when an origin is new. */
export function createSiteOrigins(settings: Settings): SiteOrigins {
  let writing: Promise<unknown> = Promise.resolve();

  async function all(): Promise<Readonly<Record<string, readonly string[]>>> {
    const value = await settings.read(SETTING);
    return typeof value === 'object' && value !== null ? (value as Record<string, readonly string[]>) : {};
  }
  async function of(site: string): Promise<readonly string[]> {
    const known = await all();
    return Object.hasOwn(known, site) ? (known[site] ?? []) : [];
  }
  async function add(site: string, originId: string): Promise<void> {
    const known = await of(site);
    if (!known.includes(originId))
      await settings.write(SETTING, { ...(await all()), [site]: [...known, originId] });
  }
  return {
    of,
    async note(site, originId) {
      if ((await of(site)).includes(originId)) return;
      const turn = writing.then(() => add(site, originId));
      writing = turn.catch(() => undefined);
      await turn;
    },
  };
}
