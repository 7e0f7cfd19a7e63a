import type { Store } from '../contract/store.ts';

/** A store under test, as the driver's own test file provides it. */
export interface StoreUnderTest {
  readonly store: Store;
  /** Closes the store and opens what it kept once more; absent for drivers that keep nothing. */
  readonly reopen?: () => Promise<Store>;
  /** Lets go of everything; called once, whatever the test did. */
  readonly dispose: () => Promise<void>;
}

/** Registers one test with whatever test runner there is. */
export type TestRegistrar = (name: string, body: () => Promise<void>) => void;

/** One sentence of the contract. */
export interface Clause {
  readonly name: string;
  readonly body: (bench: StoreUnderTest) => Promise<void>;
}

export function clause(name: string, body: Clause['body']): Clause {
  return { name, body };
}
