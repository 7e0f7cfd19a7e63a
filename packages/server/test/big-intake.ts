/** Serves `PUT /v1/entries` on an embedded store that takes everything: `DIR`. Prints its address; at the end of its input, its greatest memory in MiB. */
import { createServer, entriesIntake, openGuard } from '@fr/server';
import { openEmbeddedStore } from '@fr/store/embedded';

const [dir = ''] = process.argv.slice(2);
const store = await openEmbeddedStore({ dir });
const app = await createServer({ logLevel: 'error' });
await app.register(entriesIntake, {
  add: (frame, gate, at) => store.entries.add(frame, gate, at),
  gate: () => async () => ({ admit: true, credits: [] }),
  guard: openGuard,
});
process.stdout.write(`${await app.listen({ host: '127.0.0.1', port: 0 })}\n`);
process.stdin.resume().once('end', async () => {
  await app.close();
  await store.close();
  process.stdout.write(`${Math.round(process.resourceUsage().maxRSS / 1024)}\n`);
});
