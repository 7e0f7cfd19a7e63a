import {
  administration,
  createServer,
  describeApi,
  entriesIntake,
  type HttpServer,
  offersIntake,
  openGuard,
  operations,
  tokenGuard,
  type Verb,
} from '@fr/server';
import type { EntryGate } from '@fr/store';
import { answerOffer, closeMetDemands, vendorGate } from '@fr/sync';
import { createSiteOrigins, type SiteOrigins } from './vendor/site-origins.ts';
import type { Vendor } from './vendor/vendor.ts';
import { VERSION } from './version.ts';

/** The destination server's HTTP side: sites, administration with a token, health, metrics, its own description. */
export async function vendorServer(
  vendor: Vendor,
  verbs: readonly Verb[],
  options: { now: () => number; ready: () => boolean; logLevel: string },
): Promise<HttpServer> {
  const { now, ready, logLevel } = options;
  const { store, key, access } = vendor;
  const app = await createServer({ logLevel });
  const guard = tokenGuard(access, 'frs');
  const origins = createSiteOrigins(store.settings);
  await describeApi(app, { title: 'fr destination server', version: VERSION });
  await app.register(offersIntake, {
    answer: async (offer, site) => {
      await origins.note(site, offer.origin.id);
      return await answerOffer({ store, key, offer, now: now() });
    },
    guard,
  });
  await app.register(entriesIntake, {
    add: (frame, gate, at) => store.entries.add(frame, gate, at),
    gate: (site) => gateFor(vendor, origins, site, now),
    onStored: async () => {
      await closeMetDemands({ store, now: now() });
    },
    guard,
    now,
  });
  await app.register(administration, { verbs, guard: tokenGuard(access, 'fra') });
  await app.register(operations, {
    title: 'fr destination server',
    version: VERSION,
    outcomes: () => store.queries.outcomes(),
    ready,
  });
  return app;
}

function gateFor(vendor: Vendor, origins: SiteOrigins, site: string, now: () => number): EntryGate {
  return async (header) => {
    const originIds = await origins.of(site);
    return await vendorGate({ store: vendor.store, originIds, now: now() })(header);
  };
}

/** Administration alone, without a token: for the folder's socket. */
export async function socketServer(verbs: readonly Verb[], logLevel: string): Promise<HttpServer> {
  const app = await createServer({ logLevel });
  await app.register(administration, { verbs, guard: openGuard });
  return app;
}
