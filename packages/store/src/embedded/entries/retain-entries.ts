/**
 * Retention over the index: a bucket at a time, so that neither memory nor the serving thread notices how many there
 * are. What goes, goes the way of every drop; a crash in the middle of one is finished by the next start.
 * @module
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { StoredDemand } from '../../contract/demands.ts';
import type { Removal, RetentionLimits, RetentionReport } from '../../contract/retention.ts';
import { keptOf } from '../../retention/judge.ts';
import { type BucketJudgement, judgeBucket, type Ranked } from '../../retention/judge-bucket.ts';
import { judgeTotal } from '../../retention/judge-total.ts';
import { Keeper } from '../../retention/keeper.ts';
import { listDemands } from '../embedded-demands.ts';
import { ask, type Engine } from '../engine.ts';
import { messageOf } from '../files/disk.ts';
import { bucketAfter, bucketEntries } from './entry-index.ts';
import { dropEntry } from './settle-entry.ts';

/** Looks at everything. `isOver`: asked between buckets; then the rest has to wait for the next look. */
export async function retainEntries(
  engine: Engine,
  limits: RetentionLimits,
  now: number,
  isOver: () => boolean = () => false,
): Promise<RetentionReport> {
  engine.condition.checkWritable();
  const demands = listDemands(engine);
  const removed: Removal[] = [];
  const stay: Ranked[] = [];
  for (let bucket = nextBucket(engine, ''); bucket !== undefined; bucket = nextBucket(engine, bucket)) {
    if (isOver()) return { removed, kept: keptOf(stay, []) };
    const judgement = judgeOne(engine, bucket, demands, limits, now);
    removed.push(...(await dropAll(engine, judgement.go)));
    stay.push(...judgement.stay);
    await nextTurn();
  }
  const beyond = judgeTotal(stay, limits);
  removed.push(...(await dropAll(engine, beyond)));
  return { removed, kept: keptOf(stay, beyond) };
}

/** Looks while the store is open: see {@link Keeper}. */
export function keepEntries(engine: Engine, limits: RetentionLimits): Keeper {
  const keeper: Keeper = new Keeper(limits, {
    lookAtBucket: async (bucket) => {
      const { go } = judgeOne(engine, bucket, listDemands(engine), limits, engine.now());
      return (await dropAll(engine, go)).reduce((sum, { bytes }) => sum + bytes, 0);
    },
    lookAtAll: async () =>
      (await retainEntries(engine, limits, engine.now(), () => keeper.stopped)).kept.bytes,
    failed: (cause) => {
      if (!engine.condition.closed) engine.notice(`retention has to wait: ${messageOf(cause)}`);
    },
  });
  return keeper;
}

function nextBucket(engine: Engine, after: string): string | undefined {
  return ask(engine, (db) => bucketAfter(db, after));
}

function judgeOne(
  engine: Engine,
  bucket: string,
  demands: readonly StoredDemand[],
  limits: RetentionLimits,
  now: number,
): BucketJudgement {
  const entries = ask(engine, (db) => bucketEntries(db, bucket));
  return judgeBucket(bucket, entries, demands, limits, now);
}

/** Those that were still there. */
async function dropAll(engine: Engine, go: readonly Removal[]): Promise<readonly Removal[]> {
  const gone: Removal[] = [];
  for (const removal of go) if (await dropEntry(engine, removal.entryId, removal.reason)) gone.push(removal);
  return gone;
}
