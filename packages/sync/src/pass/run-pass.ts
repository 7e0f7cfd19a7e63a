/**
 * One pass between a site and its destination:
 *
 *     offer what changed ─▶ check key, demands, quotas ─▶ store them ─▶ settle how far it was told
 *         ─▶ a few hundred pending entries at a time: decide ─▶ ask for the leases that are missing
 *         ─▶ for each upload: ledger, bytes, receipt, mark ─▶ store what is left of the quotas
 *
 * No payload byte leaves before the reply that asks for it. However many entries wait, only some hundred headers are in
 * memory. Whatever fails ends the pass early and is said in its summary; what was not done stays as it was, and the
 * next pass does it. A crash at any point loses nothing and sends nothing twice that the other side would keep twice.
 * @module
 */
import type { PassOptions } from './pass-options.ts';
import type { PassSummary } from './pass-summary.ts';
import { Progress } from './progress.ts';
import { sendEntries } from './sending.ts';
import { countsAreDue, settleCounts } from './telling/counts-window.ts';
import { tellChanges } from './telling/tell-changes.ts';

/** Runs one pass. Never rejects: what went wrong is in the summary. Two at once on one store are not safe; use a runner. */
export async function runPass(options: PassOptions): Promise<PassSummary> {
  const progress = new Progress(options.now(), options.onDecision);
  try {
    const counts = await countsAreDue(options);
    const told = await tellChanges(options, progress, counts);
    await sendEntries(options, told, progress);
    if (counts && !progress.hasFailed) await settleCounts(options);
  } catch (error) {
    progress.fail(error);
  }
  return progress.summary();
}
