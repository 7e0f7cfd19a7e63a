/**
 * Appends to the ledger named on the command line until it is killed, and says each number once it is acknowledged.
 * @module
 */
import { openLedger } from '@fr/sync';

const ledger = await openLedger(process.argv[2] ?? '');
for (;;) {
  const { seq } = await ledger.append({
    at: Date.now(),
    kind: 'offer',
    to: 'https://vendor.example',
    headerBytes: 1,
    payloadBytes: 0,
    demands: [],
    digest: `sha256:${'0'.repeat(64)}`,
  });
  process.stdout.write(`${seq}\n`);
}
