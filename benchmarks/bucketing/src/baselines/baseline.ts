/** A usual way to group failures, written from what its makers say in public about it. */
import type { Evidence } from '../score/evidence.ts';

export interface Baseline {
  readonly name: string;
  /** Equal for two failures of a program that this way takes for one. */
  readonly keyOf: (evidence: Evidence) => string;
}
