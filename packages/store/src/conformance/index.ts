/**
 * The store contract as a suite of tests, free of a test runner: hand it `test` of yours and a way to open an empty
 * store.
 * @module
 */
export type { StoreUnderTest, TestRegistrar } from './bench.ts';
export { storeConformance } from './conformance.ts';
