import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StoreError } from '@fr/store';
import { storeConformance } from '@fr/store/conformance';
import { openEmbeddedStore, verifyStore } from '@fr/store/embedded';
import { describe, expect, test } from 'vitest';

function whereClosed(error: unknown): { readonly ok: true } {
  if (error instanceof StoreError && error.code === 'closed') return { ok: true };
  throw error;
}

describe('the embedded driver', () => {
  storeConformance(test, async () => {
    const dir = await mkdtemp(join(tmpdir(), 'fr-store-'));
    let store = await openEmbeddedStore({ dir });
    return {
      store,
      reopen: async () => {
        await store.close();
        store = await openEmbeddedStore({ dir });
        return store;
      },
      // Whatever a clause did, what it left is sound: `verify` takes nothing that was written for damage.
      dispose: async () => {
        try {
          const report = await verifyStore(store).catch(whereClosed);
          expect(report).toMatchObject({ ok: true });
        } finally {
          await store.close();
          await rm(dir, { recursive: true });
        }
      },
    };
  });
});
