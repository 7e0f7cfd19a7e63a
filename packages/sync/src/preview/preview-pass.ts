import { frameSize, type OfferedBucket, PROTOCOL_VERSION } from '@fr/protocol';
import { encodeMessage } from '@fr/protocol/wire';
import { QuotaBook } from '../decision/quota-book.ts';
import { type ChangedBuckets, changedBuckets } from './changed-buckets.ts';
import { decideEntry } from './deciding.ts';
import { projectHeader } from './delivery.ts';
import type { PassOptions } from './pass-options.ts';
import type { EntryDecision } from './pass-summary.ts';
import type { HeldEntry } from './site-store.ts';

/** What the next pass would send, going by the demands last heard; ready to be printed as JSON. */
export interface PassPreview {
  readonly at: number;
  /** Whom it would go to. */
  readonly to: string;
  /** Buckets that would be offered, to the letter. */
  readonly buckets: readonly OfferedBucket[];
  readonly decisions: readonly EntryDecision[];
  /** Bytes of the uploads and of the offers together. */
  readonly headerBytes: number;
  readonly payloadBytes: number;
}

/** Works out the next pass without sending or changing anything. The destination may want something else by then. */
export async function previewPass(
  options: Pick<PassOptions, 'store' | 'policy' | 'programs' | 'to' | 'now'> & {
    readonly ledger: Pick<PassOptions['ledger'], 'sent'>;
  },
): Promise<PassPreview> {
  const { store, to, ledger } = options;
  const at = options.now();
  const pending: HeldEntry[] = [];
  for await (const entry of store.entries.pending()) pending.push(entry);
  const origin = await store.hits.origin();
  const pages: ChangedBuckets[] = [];
  for await (const page of changedBuckets(options, origin, pending)) pages.push(page);
  const demands = (await store.demands.list()).filter(({ source }) => source === to);
  const book = new QuotaBook(demands, await store.demands.quotas(), (...sample) =>
    ledger.sent.count(...sample),
  );
  let payloadBytes = 0;
  let headerBytes = offerBytes(origin, pages);
  const decisions = pending.map((entry): EntryDecision => {
    const decision = decideEntry({ ...options, demands, book }, entry, at);
    if (decision.verdict === 'upload') {
      book.take(decision.demands, decision.bucketId, decision.types);
      const size = frameSize(projectHeader(entry.header, decision.types, decision.demands));
      headerBytes += size.headerBytes;
      payloadBytes += size.payloadBytes;
    }
    return decision;
  });
  return { at, to, buckets: pages.flatMap(({ buckets }) => buckets), decisions, headerBytes, payloadBytes };
}

function offerBytes(
  origin: { readonly id: string; readonly epoch: number },
  pages: readonly { readonly buckets: readonly OfferedBucket[] }[],
): number {
  const told = pages.filter(({ buckets }) => buckets.length > 0);
  return (told.length > 0 ? told : [{ buckets: [] }]).reduce(
    (sum, { buckets }) =>
      sum + encodeMessage({ protocol: PROTOCOL_VERSION, origin, buckets }, 'msgpack').byteLength,
    0,
  );
}
