import type { Clause, StoreUnderTest, TestRegistrar } from './bench.ts';
import { DEMAND_CLAUSES } from './demand-clauses.ts';
import { ENTRY_CLAUSES } from './entry-clauses.ts';
import { GATE_CLAUSES } from './gate-clauses.ts';
import { HIT_CLAUSES, TOTAL_CLAUSES } from './hit-clauses.ts';
import { LIST_CLAUSES } from './list-clauses.ts';
import { QUERY_CLAUSES } from './query-clauses.ts';
import { RETENTION_CLAUSES } from './retention-clauses.ts';

const CLAUSES: readonly Clause[] = [
  ...HIT_CLAUSES,
  ...TOTAL_CLAUSES,
  ...ENTRY_CLAUSES,
  ...RETENTION_CLAUSES,
  ...GATE_CLAUSES,
  ...DEMAND_CLAUSES,
  ...QUERY_CLAUSES,
  ...LIST_CLAUSES,
];

/**
 * Registers one test per sentence of the contract, each on a store of its own. `make` opens an empty one; every
 * driver that passes may be put behind a server.
 */
export function storeConformance(test: TestRegistrar, make: () => Promise<StoreUnderTest>): void {
  for (const { name, body } of CLAUSES) {
    test(name, async () => {
      const bench = await make();
      try {
        await body(bench);
      } finally {
        await bench.dispose();
      }
    });
  }
}
