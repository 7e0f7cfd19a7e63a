import { neededParam, ServerError, type Verb } from '@fr/server';
import { verifyStore } from '@fr/store/embedded';
import type { Vendor } from '../vendor/vendor.ts';
import { demandVerbs } from './demand-verbs.ts';
import { lookVerbs } from './look-verbs.ts';

/** Everything a vendor can see and do. */
export function vendorVerbs(vendor: Vendor, now: () => number): readonly Verb[] {
  return [
    ...lookVerbs(vendor, now),
    ...demandVerbs(vendor, now),
    ...siteVerbs(vendor),
    { name: 'verify', acts: false, run: () => verifyStore(vendor.store) },
    { name: 'repair', acts: true, run: () => verifyStore(vendor.store, { repair: true }) },
  ];
}

function siteVerbs({ access }: Vendor): readonly Verb[] {
  return [
    {
      name: 'sites-add',
      acts: true,
      run: async (params) => {
        const name = neededParam(params, 'name');
        return { name, token: await access.issue('frs', name) };
      },
    },
    {
      name: 'sites',
      acts: false,
      run: async () => {
        const sites = (await access.list()).filter(({ prefix }) => prefix === 'frs');
        return sites.map(({ name, addedAt, revokedAt }) => ({
          name,
          addedAt,
          ...(revokedAt === undefined ? {} : { revokedAt }),
        }));
      },
    },
    {
      name: 'sites-revoke',
      acts: true,
      run: async (params) => {
        const name = neededParam(params, 'name');
        if (await access.revoke('frs', name)) return { name, revoked: true };
        throw new ServerError(
          'not-found',
          404,
          `no site with a token in force is called "${name}"; \`sites list\` shows them`,
        );
      },
    },
  ];
}
