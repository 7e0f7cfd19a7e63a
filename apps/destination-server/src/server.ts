import { presentKey } from '@fr/protocol/signature';
import {
  administration,
  createServer,
  describeApi,
  entriesIntake,
  type HttpServer,
  leasesIntake,
  offersIntake,
  openGuard,
  operations,
  tokenGuard,
  type Verb,
  vendorAnswersIntake,
} from '@fr/server';
import { answerLeases, answerOffer, answersTag, closeMetDemands, openLeaseDesk, vendorGate } from '@fr/sync';
import type { Vendor } from './vendor/vendor.ts';
import { watchFixes } from './vendor/watched-store.ts';
import { VERSION } from './version.ts';

/** The destination server's HTTP side: sites, administration with a token, health, metrics, its own description. */
export async function vendorServer(
  vendor: Vendor,
  verbs: readonly Verb[],
  options: { now: () => number; ready: () => boolean; logLevel: string },
): Promise<HttpServer> {
  const { now, ready, logLevel } = options;
  const { store, key, access, origins } = vendor;
  const app = await createServer({ logLevel });
  const guard = tokenGuard(access, 'frs');
  const leases = await openLeaseDesk(store.settings, { now });
  const watched = watchFixes(vendor);
  await describeApi(app, { title: 'fr destination server', version: VERSION });
  await app.register(offersIntake, {
    answer: async (offer, site) => {
      await origins.note(site, offer.origin.id);
      return await answerOffer({
        store: watched,
        key,
        offer,
        now: now(),
        leasing: { desk: leases, caller: site },
      });
    },
    guard,
  });
  await app.register(leasesIntake, {
    answer: async (request, site) => {
      const originIds = await origins.of(site);
      const leasing = { desk: leases, caller: site };
      return await answerLeases({ store, leasing, originIds, request, now: now() });
    },
    settled: leases.settled,
    guard,
  });
  await app.register(vendorAnswersIntake, {
    answer: async ({ originId, tag: known }, site) => {
      const isTheirs = (await origins.of(site)).includes(originId);
      const told = isTheirs ? await vendor.answers.forOrigin(originId) : [];
      const tag = answersTag(told);
      return { ...presentKey(key), tag, ...(tag === known ? {} : { answers: told }) };
    },
    guard,
  });
  await app.register(entriesIntake, {
    add: (frame, gate, at) => store.entries.add(frame, gate, at),
    gate: (site, fences) => async (header) => {
      const originIds = await origins.of(site);
      const leasing = { desk: leases, caller: site };
      return await vendorGate({ store, originIds, now: now(), leasing, fences })(header);
    },
    leases,
    isHeld: async (entryId) => (await store.entries.read(entryId)) !== undefined,
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
    outcomes: async () => [...(await store.queries.outcomes()), ...(await vendor.attempts.list())],
    ready,
  });
  return app;
}

/** Administration alone, without a token: for the folder's socket. */
export async function socketServer(verbs: readonly Verb[], logLevel: string): Promise<HttpServer> {
  const app = await createServer({ logLevel });
  await app.register(administration, { verbs, guard: openGuard });
  return app;
}
