/**
 * One pass between a site and its destination:
 *
 *     load all pending headers ─▶ offer ─▶ check key, demands, quotas ─▶ store them ─▶ settle the cursor
 *         ─▶ ask for the leases that are missing ─▶ decide about every entry ─▶ for each upload: ledger, bytes, receipt, mark ─▶ store what is left
 *
 * No payload byte leaves before the reply. Whatever fails ends the pass early and is said in its summary; what was
 * not done stays as it was, and the next pass does it. A crash at any point loses nothing and sends nothing twice
 * that the other side would keep twice.
 * @module
 */
import { mayOffer } from '../policy/policy.ts';
import { type AcceptedReply, acceptReply } from './accept-reply.ts';
import type { BytesLeft } from './attempt.ts';
import { changedBuckets } from './changed-buckets.ts';
import { settleCursor } from './cursor.ts';
import { fetchLeases } from './leasing/fetch-leases.ts';
import type { LeasePurse } from './leasing/lease-purse.ts';
import { type Offered, sendOffers } from './offering.ts';
import type { PassOptions } from './pass-options.ts';
import type { PassSummary } from './pass-summary.ts';
import { Progress } from './progress.ts';
import { sendEntries } from './sending.ts';
import type { HeldEntry } from './site-store.ts';

/** Runs one pass. Never rejects: what went wrong is in the summary. Two at once on one store are not safe; use a runner. */
export async function runPass(options: PassOptions): Promise<PassSummary> {
  const progress = new Progress(options.now());
  try {
    const pending = await loadPending(options);
    progress.add({ entries: pending.length });
    const { accepted, originId, purse } = await ask(options, pending, progress);
    if (purse) {
      const onBytes = (bytes: BytesLeft): void => progress.add(bytes);
      await fetchLeases({ options, originId, pending, accepted, purse, onBytes });
    }
    await sendEntries(options, pending, accepted, purse, progress);
  } catch (error) {
    progress.fail(error);
  }
  return progress.summary();
}

/** Every pending entry's header, oldest first. Payload stays on the disk. */
async function loadPending({ store }: Pick<PassOptions, 'store'>): Promise<readonly HeldEntry[]> {
  const pending: HeldEntry[] = [];
  for await (const entry of store.entries.pending()) pending.push(entry);
  return pending;
}

/** The question and its consequences: demands stored, cursor settled. */
async function ask(
  options: PassOptions,
  pending: readonly HeldEntry[],
  progress: Progress,
): Promise<{
  readonly accepted: AcceptedReply;
  readonly originId: string;
  readonly purse: LeasePurse | undefined;
}> {
  const { store, pinned, to, now } = options;
  const origin = await store.hits.origin();
  const changes = changedBuckets(options, origin, pending);
  const offered = await sendOffers(options, origin, changes, (buckets, bytes) => {
    progress.add({ offered: 1, buckets, ...bytes });
  });
  const { reply } = offered;
  const known = await store.demands.list();
  const isOffered = (id: string): Promise<boolean> => mayBeOffered(options, offered, id);
  const accepted = await acceptReply({ reply, pinned, to, known, now: now(), isOffered });
  progress.heard({
    received: reply.demands.length,
    accepted: accepted.demands.length,
    rejected: accepted.rejected,
    quotas: accepted.quotas.length,
    quotasLeftOut: accepted.quotasLeftOut,
  });
  await store.demands.replace(to, accepted.demands, accepted.quotas, now());
  await offered.settle();
  if (offered.upstreamIsAhead) await openEpoch(options, progress);
  return { accepted, originId: origin.id, purse: offered.purse };
}

async function openEpoch(options: PassOptions, progress: Progress): Promise<void> {
  const origin = await options.store.hits.openEpoch();
  await settleCursor(options, origin, 0);
  progress.newEpoch(origin.epoch);
}

async function mayBeOffered(
  { store, policy, programs, to }: PassOptions,
  { bucketIds }: Offered,
  id: string,
): Promise<boolean> {
  if (bucketIds.has(id)) return true;
  const row = await store.queries.bucket(id);
  return row !== undefined && mayOffer(policy, row.bucket.program, to, programs);
}
