/**
 * Demands that come after a failure was settled. Of what is held the hits are sent once more, to the letter: the site knows
 * them, counts nothing, and says what it wants of their buckets now, and what it tells about them. What can still be made of
 * the held facts goes up as one more entry of the same report; what only a failing program can give waits for the next failure.
 *
 *     held ──hits again──▶ wanted ──entry kept──▶ sent ──▶ in the receipt, and of the types held back no more
 *
 * A crash repeats a step with the same bytes.
 * @module
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { bucketKey } from '@fr/bucket';
import { levelAllows, matchesBucket, type SignedDemand } from '@fr/protocol';
import { uuidv7 } from '@fr/protocol/ids';
import { consentOf } from '../host/settings/rare-settings.ts';
import { keepAnswers, readAnswers } from '../spool/answer-cache.ts';
import { keepDemands, readDemands } from '../spool/demand-cache.ts';
import type { FailureFacts } from '../spool/failure-facts.ts';
import {
  type HeldFailure,
  heldEntry,
  hold,
  keepHeldEntry,
  listHeld,
  releaseAll,
  removeHeldEntry,
} from '../spool/held.ts';
import { readReceipt, type SentEntry, writeReceipt } from '../spool/receipts.ts';
import { collect } from './collection.ts';
import type { DeliveryPorts } from './delivery.ts';
import type { FailureReport } from './failure-report.ts';
import { type MadeEntry, makeEntry, readEntry } from './sending/entry.ts';
import type { HitTaken } from './server-link.ts';
import { believe, believeAnswers, type SiteTrust, trustSite } from './site-trust.ts';

/** What can be made of held facts; all of it is light. */
const RECALLED_TYPES: readonly string[] = ['stack', 'environment', 'packages', 'source-context'];

/** Entries of one failure that its receipt tells of. */
const MOST_TOLD = 10;

/** A launch asks about what is held at most so often; a person who calls `deliver` always does. */
const ASK_EVERY_MS = 60 * 60 * 1000;

/** When a round asks. */
export interface RecallTurn {
  /** What was settled since then was asked about just now. */
  readonly startedAt: number;
  /** However short ago it was asked. */
  readonly atOnce: boolean;
  readonly signal: AbortSignal;
}

/** Asks about what is held, and sends what is wanted of it. Nothing of it is ever lost: it was counted. */
export async function recall(ports: DeliveryPorts, turn: RecallTurn): Promise<void> {
  const { spool, link } = ports;
  const { signal } = turn;
  const all = listHeld(spool);
  if (all.length === 0) return;
  // Where the level was lowered since, not even the question is put.
  if (!levelAllows(consentOf('full', ports.consent), 'minimal')) return releaseAll(spool);
  for (const held of all) if (!(await sendKept(held, ports))) return;
  const due = listHeld(spool).filter((held) => isDue(held, turn, ports.now()));
  if (due.length === 0 || signal.aborted) return;
  const taken = await link.postHits(due.map((held) => reportOf(held).hit));
  if (taken.kind !== 'taken') return;
  const trust = trusted(taken, ports);
  for (const held of due) {
    if (signal.aborted) return;
    await answerFor(held, taken, trust, ports);
    if (!(await sendKept(held, ports))) return;
  }
}

function isDue({ askedAt }: HeldFailure, { startedAt, atOnce }: RecallTurn, now: number): boolean {
  // A clock that was set back makes it due.
  if (atOnce) return askedAt < startedAt || askedAt > now;
  return Math.abs(now - askedAt) >= ASK_EVERY_MS;
}

function reportOf({ bucket, bucketId, facts }: HeldFailure): FailureReport {
  const { reportId, count, outcome, at } = facts;
  return { facts, bucket, bucketId, hit: { reportId, bucket, count, outcome, at } };
}

function trusted({ presented }: HitTaken, { spool, server, key }: DeliveryPorts): SiteTrust {
  return presented ? trustSite(spool, server, key, presented) : 'no-key';
}

/** Keeps what the site says of one bucket, and makes the entry that it wants. */
async function answerFor(
  held: HeldFailure,
  taken: HitTaken,
  trust: SiteTrust,
  { spool, now, consent }: DeliveryPorts,
): Promise<void> {
  const { bucket, bucketId, facts } = held;
  const cached = readDemands(spool, bucketId);
  const about = taken.demands.filter(({ terms }) => matchesBucket(terms.pattern, bucket));
  const { believed } = believe(about, trust, { bucket, known: cached.demands, now: now() });
  // Leases are asked for at a failure, and given back there.
  if (believed.length > 0 || cached.leases.length === 0)
    keepDemands(spool, bucketId, believed, cached.leases);
  // A reply without a key says nothing.
  if (taken.presented) {
    const known = readAnswers(spool, bucketId);
    const answers = believeAnswers(taken.answers, trust, { bucket, known });
    if (answers.length > 0 || known.length > 0) keepAnswers(spool, bucketId, bucketKey(bucket), answers);
  }
  hold(spool, { ...held, askedAt: now() });
  const allowance = { consent: consentOf(facts.consent, consent), declared: facts.declared };
  const collection = collect(facts, recallable(believed, held), allowance, spool);
  if (collection.parts.length === 0) return;
  const made = await makeEntry(reportOf(held), { ...collection, recalledAt: now() }, uuidv7({ now }));
  keepHeldEntry(spool, bucketId, made.kept);
}

/** The demands as far as they ask for what can be made now, and was not sent. */
function recallable(
  believed: readonly SignedDemand[],
  { facts, sent }: HeldFailure,
): readonly SignedDemand[] {
  const mayBe = RECALLED_TYPES.filter((type) => !sent.includes(type)).filter(
    (type) => type !== 'packages' || !isChanged(facts),
  );
  return believed.map((demand) => {
    const types = demand.terms.types.filter(({ type }) => mayBe.includes(type));
    return { ...demand, terms: { ...demand.terms, types } };
  });
}

/** Whether the program, or what is installed for it, is another than it was at the failure. */
function isChanged({ process: facts, at }: FailureFacts): boolean {
  if (facts?.root === undefined) return true;
  return ['package.json', 'node_modules/.package-lock.json', 'node_modules/.modules.yaml'].some((name) => {
    const stat = statSync(join(facts.root ?? '', name), { throwIfNoEntry: false });
    return stat !== undefined && stat.mtimeMs > at;
  });
}

/** Sends the entry that was made of a held failure, if one was; false where the server cannot be asked further now. */
async function sendKept(held: HeldFailure, { spool, link, now, goOn }: DeliveryPorts): Promise<boolean> {
  const { bucketId, facts } = held;
  const kept = heldEntry(spool, bucketId);
  const made = kept && readEntry(kept, spool);
  if (!made || made.header.reportId !== facts.reportId) {
    if (kept) removeHeldEntry(spool, bucketId);
    return true;
  }
  const { header, bytes, frame } = made;
  const { entryId } = header;
  const answer = await link.putEntry({ entryId, bytes, frame, fences: [], onProgress: goOn });
  if (answer.kind === 'unavailable') return false;
  if (answer.kind === 'rejected' && answer.status === 401) return false;
  const entry: SentEntry = {
    ...entryFacts(made),
    ...(answer.kind === 'taken'
      ? { result: answer.result }
      : { result: REFUSED[answer.status] ?? 'refused', reason: `${answer.status} ${answer.code}` }),
    at: now(),
  };
  const receipt = readReceipt(spool, facts.reportId);
  if (receipt)
    writeReceipt(spool, { ...receipt, recalled: [...(receipt.recalled ?? []), entry].slice(-MOST_TOLD) });
  const latest = listHeld(spool).find((one) => one.bucketId === bucketId) ?? held;
  const sent = answer.kind === 'taken' ? [...latest.sent, ...entry.types] : latest.sent;
  hold(spool, { ...latest, sent, askedAt: now() });
  removeHeldEntry(spool, bucketId);
  return true;
}

const REFUSED: Readonly<Record<number, SentEntry['result']>> = {
  409: 'not-needed',
  403: 'refused-by-policy',
};

function entryFacts({
  header,
  bytes,
}: MadeEntry): Pick<SentEntry, 'entryId' | 'types' | 'bytes' | 'demands'> {
  const { entryId, parts, demands } = header;
  return { entryId, types: parts.map(({ type }) => type), bytes, demands };
}
