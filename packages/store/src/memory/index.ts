/**
 * The memory driver: the whole contract without a disk, shipped as the double for tests.
 * @module
 */
export { type MemoryStoreOptions, openMemoryStore } from './memory-store.ts';
