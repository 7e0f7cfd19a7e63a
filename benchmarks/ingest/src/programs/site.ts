/** A site as its operator composes it: counts, answers reporters, keeps what is wanted. `DIR`. */
import {
  createAccess,
  createAnswers,
  createReporterDesk,
  createServer,
  hitsIntake,
  loadServerKey,
  reporterGuard,
} from '@fr/server';
import { openEmbeddedStore } from '@fr/store/embedded';
import { DEFAULT_POLICY } from '@fr/sync';
import { cpuMicros } from '../figures.ts';
import { answer } from '../program.ts';

const [dir = ''] = process.argv.slice(2);
const started = performance.now();
const store = await openEmbeddedStore({ dir });
const key = await loadServerKey(dir);
const access = createAccess({ settings: store.settings, key });
// Nothing is wanted any more: what most buckets are like, most of the time.
const policy = { ...DEFAULT_POLICY, rules: [{ action: 'deny' as const }] };
const desk = createReporterDesk({ store, key, policy, programs: [] });
const answers = createAnswers({ settings: store.settings, key });
const app = await createServer();
await app.register(hitsIntake, {
  record: (hits, at) => store.hits.record(hits, at),
  recordDrops: (report, at) => store.hits.recordDrops(report, at),
  demandsFor: desk.demandsFor,
  answersFor: (bucket) => answers.for(bucket),
  key,
  guard: reporterGuard(access),
});
const port = Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port);
const startMs = performance.now() - started;

answer(
  async () => ({
    port,
    startMs,
    cpu: cpuMicros(),
    rss: process.memoryUsage.rss(),
    counted: (await store.queries.outcomes()).find(({ outcome }) => outcome === 'counted')?.count ?? 0,
  }),
  async () => {
    app.server.closeAllConnections();
    await app.close();
    await store.close();
  },
);
