import type { Origin } from '@fr/protocol';

/** Under which name a store counts. Whoever is told totals keeps them apart by it, so that none runs backwards. */
export interface Identity {
  /** Made when the store is, and kept; with the present epoch. */
  origin(): Promise<Origin>;
  /** Starts counting from zero under a new epoch; what was counted stays in the total shown to people. */
  openEpoch(): Promise<Origin>;
  /** Epochs under which this store has counted, the present one too where it has. */
  epochs(): Promise<readonly number[]>;
}
