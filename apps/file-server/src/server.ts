import {
  administration,
  createReporterDesk,
  createServer,
  describeApi,
  entriesIntake,
  type Guard,
  type HttpServer,
  hitsIntake,
  leasesIntake,
  openGuard,
  operations,
  reporterGuard,
  tokenGuard,
  type Verb,
} from '@fr/server';
import { openLeaseDesk } from '@fr/sync';
import { policyOutcomes } from './site/policy/policy-record.ts';
import type { Site } from './site/site.ts';
import { toldAnswers } from './site/told-answers.ts';
import { VERSION } from './version.ts';

/** The file server's HTTP side: reporters, administration with a token, health, metrics, its own description. */
export async function siteServer(
  site: Site,
  verbs: readonly Verb[],
  options: { now: () => number; ready: () => boolean; logLevel: string },
): Promise<HttpServer> {
  const { now, ready, logLevel } = options;
  const app = await createServer({ logLevel });
  const desk = createReporterDesk({
    store: site.store,
    key: site.key,
    policy: () => site.policy.policy,
    programs: site.settings.upstream?.programs ?? [],
    ...(site.settings.upstream && { to: new URL(site.settings.upstream.url).origin }),
    now,
    leases: await openLeaseDesk(site.store.settings, { now }),
  });
  const guard: Guard = reporterGuard(site.access);
  await describeApi(app, { title: 'fr file server', version: VERSION });
  await app.register(hitsIntake, {
    record: (hits, at) => site.store.hits.record(hits, at),
    recordDrops: (report, at) => site.store.hits.recordDrops(report, at),
    demandsFor: desk.demandsFor,
    answersFor: toldAnswers(site, now),
    key: site.key,
    guard,
    now,
  });
  await app.register(leasesIntake, { answer: desk.leasesFor, settled: desk.leases.settled, guard });
  await app.register(entriesIntake, {
    add: (frame, gate, at) => site.store.entries.add(frame, gate, at),
    gate: desk.gate,
    leases: desk.leases,
    isHeld: async (entryId) => (await site.store.entries.read(entryId)) !== undefined,
    guard,
    now,
  });
  await app.register(administration, { verbs, guard: tokenGuard(site.access, 'fra') });
  await app.register(operations, {
    title: 'fr file server',
    version: VERSION,
    outcomes: async () => [
      ...(await site.store.queries.outcomes()),
      ...(await policyOutcomes(site.dir)),
      ...(await site.attempts.list()),
    ],
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
