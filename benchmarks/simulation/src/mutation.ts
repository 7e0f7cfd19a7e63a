import type { Store } from '@fr/store';
import type { Destination, EntryGate } from '@fr/sync';
import type { SimulatedLedger } from './actors/ledger.ts';

/** A deliberate fault in the code under test, put in through its ports, to prove that the checks see it. */
export interface Mutation {
  readonly programs?: readonly string[];
  /** At a site: between the code and its disk. */
  readonly siteStore?: (store: Store) => Store;
  readonly destination?: (destination: Destination, store: Store) => Destination;
  readonly ledger?: (ledger: SimulatedLedger) => SimulatedLedger;
  /** At the vendor. */
  readonly vendorStore?: (store: Store) => Store;
  readonly vendorGate?: (gate: EntryGate) => EntryGate;
  /** The site answers reporters before it has counted. */
  readonly answersEarly?: boolean;
  /** A reporter adds to a hit that it has sent already. */
  readonly foldsLate?: boolean;
  /** A reporter settles before the reply. */
  readonly settlesEarly?: boolean;
}
