import { storeConformance } from '@fr/store/conformance';
import { openMemoryStore } from '@fr/store/memory';
import { describe, test } from 'vitest';

describe('the memory driver', () => {
  storeConformance(test, async () => {
    const store = openMemoryStore();
    return { store, dispose: () => store.close() };
  });
});
