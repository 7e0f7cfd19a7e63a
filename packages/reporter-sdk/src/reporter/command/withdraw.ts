import { normaliseId } from '@fr/protocol/ids';
import type { Environment } from '../../host/settings/settings.ts';
import { waitForLock } from '../../spool/folder/lock.ts';
import { listHeld, release } from '../../spool/held.ts';
import { type FailureReceipt, readReceipt } from '../../spool/receipts.ts';
import { forgetRetryState, keepRetryState, readRetryState } from '../../spool/retry-state.ts';
import { existingSpool, readFailure, type Spool } from '../../spool/spool.ts';
import { chooseSpool, configurationOf, serverUrl } from '../configuration.ts';
import { finishEviction } from '../trimming.ts';
import { withdrawFailure } from '../withdrawal.ts';
import type { Output } from './output.ts';
import { receiptWords } from './receipt-words.ts';
import { type CommandLine, UsageError } from './usage.ts';

const PATIENCE_MS = 60_000;

/** `fr-reporter withdraw ID`: takes a failure that waits, or what is held of a settled one, out of the spool; says what went where it is too late. */
export async function runWithdraw(
  line: CommandLine,
  environment: Environment,
  output: Output,
): Promise<number> {
  const reportId = normaliseId(line.operand ?? '');
  if (reportId === undefined)
    throw new UsageError('which failure? fr-reporter withdraw ID; fr-reporter status lists the ids');
  const folder = chooseSpool(line.spool, environment);
  const spool = existingSpool(folder);
  if (!spool) return output.fail(`there is no spool at ${folder}`);
  return await underLock(spool, environment, output, () => withdraw(spool, reportId, Date.now(), output));
}

async function underLock(
  spool: Spool,
  environment: Environment,
  output: Output,
  act: () => number,
): Promise<number> {
  const origin = serverUrl(configurationOf(spool, environment).server)?.origin ?? '';
  // One that waits for the server's time goes away, and sends nothing, when its reason to wait is gone.
  const retry = readRetryState(spool, origin);
  forgetRetryState(spool);
  const lock = await waitForLock(spool, AbortSignal.timeout(PATIENCE_MS));
  try {
    if ('heldBy' in lock) return output.fail(`fr-reporter (process ${lock.heldBy}) is delivering this spool`);
    finishEviction(spool, Date.now());
    return act();
  } finally {
    if (retry && !readRetryState(spool, origin)) keepRetryState(spool, retry);
    if ('release' in lock) lock.release();
  }
}

function withdraw(spool: Spool, reportId: string, now: number, output: Output): number {
  const facts = readFailure(spool, reportId);
  const settled = readReceipt(spool, reportId);
  const held = listHeld(spool).find((one) => one.facts.reportId === reportId);
  if (held) release(spool, held.bucketId);
  if (settled || typeof facts !== 'object') return tooLate(reportId, settled, held !== undefined, output);
  const receipt = withdrawFailure(spool, facts, now);
  output.result({ reportId, withdrawn: true, receipt }, [
    `${reportId} is withdrawn: ${receiptWords(receipt)}`,
  ]);
  return 0;
}

function tooLate(
  reportId: string,
  receipt: FailureReceipt | undefined,
  wasHeld: boolean,
  output: Output,
): number {
  const words = receipt
    ? `${reportId} cannot be withdrawn: it was settled at ${new Date(receipt.settledAt).toISOString()} with ${
        receipt.server || 'nobody'
      }: ${receiptWords(receipt)}`
    : `nothing waits under ${reportId}; fr-reporter status lists what does`;
  const more = wasHeld ? ['what was held of it, in case the site asks for more, is gone'] : [];
  output.result({ reportId, withdrawn: false, released: wasHeld, ...(receipt ? { receipt } : {}) }, [
    words,
    ...more,
  ]);
  return 1;
}
