import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Bucket, bucketOf, type Failure } from '@fr/bucket';
import { uuidv7 } from '@fr/protocol/ids';
import { type CachedDemands, listDemands } from '../../src/spool/demand-cache.ts';
import { readDrops } from '../../src/spool/drops.ts';
import type { FailureFacts } from '../../src/spool/failure-facts.ts';
import { type FailureReceipt, listReceipts } from '../../src/spool/receipts.ts';
import { openSpool, type SpoolPart, waitingIds, writeFailure } from '../../src/spool/spool.ts';

const STACK = `TypeError: Cannot read properties of undefined (reading 'net')
    at priceOf (/srv/till/src/price.js:12:31)
    at Basket.total (/srv/till/src/basket.js:40:9)
    at file:///srv/till/src/main.js:5:1`;

/** The facts of a failure as a host notes them. */
function someFacts(changes: Partial<FailureFacts> = {}): FailureFacts {
  return {
    format: 1,
    reportId: uuidv7(),
    at: Date.now(),
    count: 1,
    outcome: 'fatal',
    failure: {
      kind: 'error',
      program: 'till',
      programVersion: '2.0.1',
      platform: 'linux',
      error: {
        name: 'TypeError',
        message: "Cannot read properties of undefined (reading 'net')",
        stack: STACK,
      },
    },
    process: { pid: 1, uptimeMs: 12, runtime: 'node 24', variables: {} },
    consent: 'standard',
    declared: ['stack', 'environment', 'breadcrumbs', 'diagnostic-report'],
    parts: [],
    ...changes,
  };
}

/** Leaves a failure in a spool, as a host that died while the server was out of reach. */
export function leaveFailure(
  spool: string,
  changes: Partial<FailureFacts> = {},
  parts: readonly SpoolPart[] = [],
): FailureFacts {
  const facts = someFacts(changes);
  writeFailure(openSpool(spool), facts, parts);
  return facts;
}

/** Bucket of noted facts. */
export function bucketOfFacts(facts: FailureFacts): Bucket {
  return bucketOf(facts.failure as Failure);
}

/** How much of a spool is open and how it was settled so far. */
export function spoolState(folder: string): {
  readonly waiting: readonly string[];
  readonly receipts: readonly FailureReceipt[];
  readonly demands: readonly CachedDemands[];
  readonly drops: ReturnType<typeof readDrops>;
} {
  const spool = { folder };
  return {
    waiting: waitingIds(spool),
    receipts: listReceipts(spool),
    demands: listDemands(spool),
    drops: readDrops(spool),
  };
}

/** Names in a folder of the spool; none where it is not there. */
export function namesIn(spool: string, folder: string): readonly string[] {
  try {
    return readdirSync(join(spool, folder));
  } catch {
    return [];
  }
}
