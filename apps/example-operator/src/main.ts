/**
 * An operator's own server: a file server for one building, composed from the packages. It counts, keeps a few
 * samples, asks its vendor every five minutes, and adds a route of its own.
 *
 *     node src/main.ts DATA PORT [UPSTREAM TOKEN PROGRAM]
 *
 * @module
 */
import { join } from 'node:path';
import { parseToken } from '@fr/protocol/signature';
import * as fr from '@fr/server';
import { openEmbeddedStore } from '@fr/store/embedded';
import { createSchedule, DEFAULT_POLICY, httpDestination, openLedger, runPass } from '@fr/sync';

const [dir = 'operator-data', port = '8787', upstream, token = '', program = '*'] = process.argv.slice(2);

const store = await openEmbeddedStore({ dir });
const key = await fr.loadServerKey(dir);
const access = fr.createAccess({ settings: store.settings, key });
const guard = fr.reporterGuard(access);
const policy = DEFAULT_POLICY;
const programs = [program];
const desk = fr.createReporterDesk({ store, key, policy, programs });

const app = await fr.createServer();
await app.register(fr.hitsIntake, {
  record: (hits, at) => store.hits.record(hits, at),
  recordDrops: (report, at) => store.hits.recordDrops(report, at),
  demandsFor: desk.demandsFor,
  key,
  guard,
});
await app.register(fr.leasesIntake, { answer: desk.leasesFor, guard });
await app.register(fr.entriesIntake, {
  add: (frame, gate, at) => store.entries.add(frame, gate, at),
  gate: desk.gate,
  leases: desk.leases,
  guard,
});

// The operator's own idea: a screen in the corridor shows the five worst problems.
app.get('/corridor', async () => (await store.queries.problems({ limit: 5 })).rows);

if (upstream !== undefined) {
  const ledger = await openLedger(join(dir, 'ledger.jsonl'));
  const destination = httpDestination({ url: upstream, token });
  const pinned = parseToken(token)?.fingerprint ?? '';
  const pass = { store, destination, policy, ledger, programs, pinned, to: destination.to, now: Date.now };
  createSchedule({ everyMs: 5 * 60_000, run: () => runPass(pass) }).start();
}

process.once('SIGTERM', () => app.close().then(() => store.close()));
process.stdout.write(`ready ${await app.listen({ port: Number(port) })}\n`);
