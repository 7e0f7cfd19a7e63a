import { type Bucket, bucketId, bucketKey } from '@fr/bucket';
import type { ConsentLevel } from '@fr/protocol';
import type { Environment } from '../../host/settings/settings.ts';
import { misreadAddress, misreadVariables } from '../../misread.ts';
import { type Answer, listAnswers } from '../../spool/answer-cache.ts';
import { type CachedDemands, inForce, listDemands } from '../../spool/demand-cache.ts';
import { type Drops, readDrops } from '../../spool/drops.ts';
import { HELD_LIMITS, type HeldFailure, listHeld } from '../../spool/held.ts';
import { type FailureReceipt, listReceipts } from '../../spool/receipts.ts';
import { type RetryState, readRetryState } from '../../spool/retry-state.ts';
import { existingSpool, readFailure, type Spool, waitingIds } from '../../spool/spool.ts';
import { chooseSpool, configurationOf, serverUrl } from '../configuration.ts';
import { askWhereOpen, consentNow } from '../consent.ts';
import { failureReport } from '../failure-report.ts';
import type { Output } from './output.ts';
import { receiptWords } from './receipt-words.ts';
import type { CommandLine } from './usage.ts';

/** What `status --json` prints. */
export interface SpoolStatus {
  readonly spool: string;
  readonly waiting: readonly WaitingFailure[];
  readonly receipts: readonly FailureReceipt[];
  /** Settled failures of which the facts are held in case the site asks for more. */
  readonly held: readonly HeldBack[];
  readonly demands: readonly KnownDemands[];
  /** What the site tells about buckets of this program. */
  readonly answers: readonly Answer[];
  readonly drops: Drops;
  /** What may be sent; `open` while nobody has answered a program that asks. Absent where nobody has said anything. */
  readonly consent?: ConsentLevel | 'open';
  /** When a server that did not take something is asked again; absent where it took the last. */
  readonly retry?: RetryState;
  /** Settings of which nothing can be made, in sentences. */
  readonly wrong?: readonly string[];
}

interface HeldBack {
  readonly reportId: string;
  readonly bucketId: string;
  readonly at: number;
  /** Until when they are held. */
  readonly until: number;
}

interface WaitingFailure {
  readonly reportId: string;
  readonly readable: boolean;
  readonly at?: number;
  readonly kind?: string;
  readonly outcome?: string;
  readonly count?: number;
  readonly bucketId?: string;
  readonly bucketKey?: string;
}

interface KnownDemands {
  readonly bucketId: string;
  readonly demands: readonly {
    readonly id: string;
    readonly types: readonly string[];
    readonly until: number;
    readonly reason: string;
    readonly author: string;
  }[];
  /** What the next failure of this bucket brings that takes a lease to be collected, and until when it may. */
  readonly leases: readonly { readonly type: string; readonly demandId: string; readonly until: number }[];
}

/** `fr-reporter status`: what waits, what was sent and what not, what the site asks for. Asks what may be sent, where that is open. */
export async function runStatus(
  line: CommandLine,
  environment: Environment,
  output: Output,
): Promise<number> {
  const folder = chooseSpool(line.spool, environment);
  const spool = existingSpool(folder);
  if (!spool)
    return output.fail(
      `there is no spool at ${folder}: nothing has failed there yet, or it cannot be made; fr-reporter doctor says which`,
    );
  await askWhereOpen(spool, environment, line.json);
  const consent = consentNow(spool, environment);
  const { server, key } = configurationOf(spool, environment);
  const retry = readRetryState(spool, serverUrl(server)?.origin ?? '');
  const wrong = [
    ...(server === '' ? ['no server is known; set FR_SERVER'] : []),
    ...misreadAddress(server, key),
    ...misreadVariables(environment),
  ];
  const status: SpoolStatus = {
    spool: folder,
    waiting: waitingIds(spool).flatMap((id) => waitingFailure(spool, id)),
    receipts: listReceipts(spool),
    held: listHeld(spool).map(heldBack),
    demands: listDemands(spool).map((each) => knownDemands(each, Date.now())),
    answers: listAnswers(spool),
    drops: readDrops(spool),
    ...(consent === undefined ? {} : { consent }),
    ...(retry === undefined ? {} : { retry }),
    ...(wrong.length === 0 ? {} : { wrong }),
  };
  output.result(status, wordsOf(status));
  return 0;
}

function heldBack({ bucketId: id, facts: { reportId, at } }: HeldFailure): HeldBack {
  return { reportId, bucketId: id, at, until: at + HELD_LIMITS.ageMs };
}

function waitingFailure(spool: Spool, reportId: string): WaitingFailure[] {
  const facts = readFailure(spool, reportId);
  if (facts === undefined) return [];
  if (facts === 'unreadable') return [{ reportId, readable: false }];
  const { bucket } = failureReport(facts);
  const { at, count, outcome } = facts;
  return [{ reportId, readable: true, at, kind: facts.failure.kind, outcome, count, ...named(bucket) }];
}

function named(bucket: Bucket): { readonly bucketId: string; readonly bucketKey: string } {
  return { bucketId: bucketId(bucket), bucketKey: bucketKey(bucket) };
}

function knownDemands({ bucketId: id, demands, leases }: CachedDemands, now: number): KnownDemands {
  return {
    bucketId: id,
    demands: demands.map(({ terms }) => ({
      id: terms.id,
      types: terms.types.map(({ type }) => type),
      until: terms.until,
      reason: terms.reason,
      author: terms.author,
    })),
    leases: inForce(leases, now).map(({ type, demandId, until }) => ({ type, demandId, until })),
  };
}

function wordsOf({
  spool,
  waiting,
  receipts,
  held,
  demands,
  answers,
  drops,
  consent,
  retry,
  wrong = [],
}: SpoolStatus): readonly string[] {
  return [
    `spool ${spool}`,
    ...(consent === 'open' ? ['nobody has answered yet what may be sent: nothing is'] : []),
    `${waiting.length} waiting`,
    ...waiting.map(
      ({ reportId, at, count, bucketKey: key }) =>
        `  ${time(at)}  ${count ?? '?'} × ${key ?? 'unreadable'}  (${reportId})`,
    ),
    `${receipts.length} settled`,
    ...receipts.map(
      (receipt) => `  ${time(receipt.at)}  ${receipt.count} × ${receipt.bucketKey}: ${receiptWords(receipt)}`,
    ),
    `${held.length} held, in case the site asks for more of them; fr-reporter withdraw ID takes one out`,
    ...held.map(({ reportId, bucketId: id, until }) => `  ${id}  until ${time(until)}  (${reportId})`),
    `${demands.length} buckets of which the site wants to know more`,
    ...demands.flatMap(({ bucketId: id, demands: each }) =>
      each.map(({ types, reason, author }) => `  ${id}  ${types.join(', ')}, because: ${reason} (${author})`),
    ),
    ...demands.flatMap(({ bucketId: id, leases }) =>
      leases.map(({ type, until }) => `  ${id}  its next failure brings ${type}, if before ${time(until)}`),
    ),
    ...answers.map(answerWords),
    ...(retry
      ? [
          `the server is left alone until ${time(retry.notBefore)}: ${retry.why}; fr-reporter doctor says what to do`,
        ]
      : []),
    ...wrong,
    ...Object.entries(drops).map(([reason, count]) => `${count} lost: ${reason}`),
  ];
}

function answerWords({ bucketKey: key, text, fixedIn, link }: Answer): string {
  const more = [fixedIn && `fixed in ${fixedIn}`, link].filter((each) => each);
  return `the site says of ${key}: ${text}${more.length > 0 ? ` (${more.join(', ')})` : ''}`;
}

function time(at: number | undefined): string {
  return at === undefined ? '?' : new Date(at).toISOString();
}
