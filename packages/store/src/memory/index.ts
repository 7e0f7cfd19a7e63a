/**
 * The memory driver: the whole contract without a disk, shipped as the double for tests.
 * @module
 */
export type { MemoryImage } from './memory-state.ts';
export { type MemoryStore, type MemoryStoreOptions, openMemoryStore } from './memory-store.ts';
