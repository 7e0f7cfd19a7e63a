import { parseId } from '@fr/protocol/ids';
import type { Hits } from '../contract/hits.ts';
import { StoreError } from '../contract/store-error.ts';
import { ask, type Engine, write } from './engine.ts';
import { type BucketColumns, bucketOf, FROM_BUCKETS } from './queries/bucket-columns.ts';
import { readOrigin } from './sqlite/origin.ts';

/** About what one hit takes in the write-ahead log. */
const HIT_BYTES = 500;

/** Counts, in transactions that many callers share. */
export function embeddedHits(engine: Engine): Hits {
  return {
    record: async (hits, receivedAt) => {
      engine.condition.checkWritable();
      if (hits.length === 0) return [];
      if (!engine.hitQueue) throw new StoreError('read-only', 'the store was opened for reading');
      return engine.hitQueue.record(hits, receivedAt);
    },
    recordDrops: async ({ reportId, counts }, receivedAt) => {
      engine.condition.checkWritable();
      const idBytes = parseId(reportId);
      if (idBytes === undefined) return 'malformed';
      return write(engine, 'recordDrops', { idBytes, counts, receivedAt });
    },
    merge: async (origin, totals, receivedAt) => {
      engine.condition.checkWritable();
      const named = totals.map(({ bucket, hits }) => ({ at: engine.names.of(bucket), hits }));
      return write(
        engine,
        'merge',
        { origin, totals: named, receivedAt },
        { bytes: HIT_BYTES * totals.length },
      );
    },
    changedSince: async (cursor, limit, epoch) => {
      engine.condition.checkOpen();
      // A place in the sequence of changes is given where the journal is applied.
      // Where nothing can be written, what is in the tables is what is offered.
      if (engine.writer) await write(engine, 'apply', {}).catch(() => undefined);
      return ask(engine, () => changes(engine, cursor, limit, epoch));
    },
  };
}

function changes(engine: Engine, cursor: number, limit: number, epoch?: number) {
  const origin = readOrigin(engine.reads);
  const rows = engine.reads.all<BucketColumns & { readonly changed: number; readonly own: number | null }>(
    `SELECT b.*, p.module, p.location, g.name AS program_name, t.hits AS own ${FROM_BUCKETS}
     LEFT JOIN totals t ON t.program = b.program AND t.bucket_id = b.bucket_id AND t.origin_id = ? AND t.epoch = ?
     WHERE b.changed > ? AND b.changed > 0 ORDER BY b.changed LIMIT ?`,
    origin.id,
    epoch ?? origin.epoch,
    cursor,
    limit,
  );
  return {
    totals: rows.map((row) => ({ bucket: bucketOf(row), hits: row.own ?? 0 })),
    cursor: rows.at(-1)?.changed ?? cursor,
  };
}
