import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storeConformance } from '@fr/store/conformance';
import { openEmbeddedStore } from '@fr/store/embedded';
import { describe, test } from 'vitest';

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
      dispose: async () => {
        await store.close();
        await rm(dir, { recursive: true });
      },
    };
  });
});
