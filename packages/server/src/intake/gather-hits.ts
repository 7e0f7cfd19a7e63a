import type { Hit, HitResult } from '@fr/protocol';

/** Counts hits durably; see `Hits.record` of the store. */
export type RecordHits = (hits: readonly Hit[], receivedAt: number) => Promise<readonly HitResult[]>;

/** Hits after which a call is closed, so that one that cannot be kept takes few others with it. */
const MOST_HITS = 1_000;

interface Gathered {
  readonly hits: Hit[];
  readonly results: Promise<readonly HitResult[]>;
}

/**
 * Requests that arrive in one turn of the event loop share one call of the store: what a call costs, beside its hits, is
 * paid once for all of them. Kept or refused together, as they would share their commit anyway.
 */
export function gatherHits(record: RecordHits): RecordHits {
  let open: Gathered | undefined;

  function begin(receivedAt: number): Gathered {
    const hits: Hit[] = [];
    const results = new Promise<readonly HitResult[]>((resolve) => {
      setImmediate(() => {
        if (open?.hits === hits) open = undefined;
        resolve(record(hits, receivedAt));
      });
    });
    return { hits, results };
  }

  return async (hits, receivedAt) => {
    if (open && open.hits.length + hits.length > MOST_HITS) open = undefined;
    open ??= begin(receivedAt);
    const from = open.hits.length;
    for (const hit of hits) open.hits.push(hit);
    const results = await open.results;
    return results.slice(from, from + hits.length);
  };
}
