import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DEFAULT_POLICY,
  type Destination,
  ledgerSums,
  openLedger,
  runPass,
  SyncError,
  type UploadResult,
} from '@fr/sync';
import { expect, test } from 'vitest';
import { bucket, headerOf, NOW, VENDOR, vendorKey } from './fixture.ts';
import { MemorySite } from './memory-site.ts';
import { MemoryVendor, RecordingDestination } from './memory-vendor.ts';

/** A destination that takes so many chunks of an upload, and then does something else. */
function taking(chunks: number, then: () => UploadResult): { to: Destination; taken: () => number } {
  const real = new RecordingDestination(new MemoryVendor());
  let taken = 0;
  const to: Destination = {
    offer: (offer, body) => real.offer(offer, body),
    lease: (request, body) => real.lease(request, body),
    upload: async (_header, _size, frame) => {
      let left = chunks;
      for await (const chunk of frame) {
        taken += chunk.byteLength;
        left -= 1;
        if (left === 0) break;
      }
      return then();
    },
  };
  return { to, taken: () => taken };
}

const ways: readonly [string, () => UploadResult][] = [
  [
    'the connection breaks',
    () => {
      throw new SyncError('upstream-failed', 'gone');
    },
  ],
  ['it says that it has the entry', () => ({ result: 'duplicate', digest: `sha256:${'0'.repeat(64)}` })],
  ['it needs it no more', () => ({ result: 'not-needed' })],
];

// Head, two chunks of a part, the line's end behind it, the hash.
for (const chunks of [1, 2, 3, 4, 5]) {
  for (const [words, then] of ways) {
    test(`${chunks} chunks are taken and ${words}: the ledger counts what was handed over`, async () => {
      const folder = await mkdtemp(join(tmpdir(), 'fr-bytes-'));
      const ledger = await openLedger(join(folder, 'ledger.jsonl'));
      const store = new MemorySite();
      store.hit(bucket, headerOf(['stack']));
      const { to: destination, taken } = taking(chunks, then);
      const pinned = vendorKey.keyId;
      const rest = { policy: DEFAULT_POLICY, programs: ['shop'], pinned, to: VENDOR, now: () => NOW };
      await runPass({ store, destination, ledger, ...rest });
      const { entries } = await ledgerSums(ledger.records());
      expect(taken()).toBeGreaterThan(0);
      expect(entries.headerBytes + entries.payloadBytes).toBe(taken());
      await ledger.close();
      await rm(folder, { recursive: true });
    });
  }
}
