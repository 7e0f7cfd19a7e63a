/**
 * Brings one failure to the site: hit, entry, receipt, in this order, each step repeatable. Nothing leaves the spool
 * before the server has said what became of it.
 * @module
 */
import { bucketKey } from '@fr/bucket';
import { type Lease, levelAllows, MAX_REPORT_AGE_MS, type SignedDemand } from '@fr/protocol';
import { uuidv7 } from '@fr/protocol/ids';
import { consentOf } from '../host/settings/rare-settings.ts';
import { keepAnswers, readAnswers } from '../spool/answer-cache.ts';
import { keepDemands, readDemands } from '../spool/demand-cache.ts';
import { countDrop } from '../spool/drops.ts';
import { type HeldFailure, hold } from '../spool/held.ts';
import { type FailureReceipt, type NotSent, readReceipt, writeReceipt } from '../spool/receipts.ts';
import {
  freezeFailure,
  keepEntry,
  keptEntry,
  readFailure,
  removeFailure,
  rewriteFailure,
  type Spool,
} from '../spool/spool.ts';
import { collect } from './collection.ts';
import { type FailureReport, failureReport } from './failure-report.ts';
import { type MadeEntry, makeEntry, readEntry } from './sending/entry.ts';
import { leaseAgain, leaseCollection } from './sending/leases.ts';
import { whileLeased } from './sending/renewal.ts';
import type { HitTaken, Rejected, ServerLink, Unavailable } from './server-link.ts';
import { believe, believeAnswers, type SiteTrust, trustSite } from './site-trust.ts';
import { finishSettled } from './withdrawal.ts';

/** What delivering works with. */
export interface DeliveryPorts {
  readonly spool: Spool;
  readonly server: URL;
  readonly key: string;
  /** Consent at this moment; the lower of it and the one at the failure holds. */
  readonly consent: string | undefined;
  readonly link: ServerLink;
  readonly now: () => number;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Told while something large makes progress: a reason to live longer than others. */
  readonly goOn?: () => void;
}

/** What became of one failure. `waits`, `key-refused` and `failed` leave it in the spool. */
export type Delivered =
  | { readonly kind: 'settled'; readonly receipt: FailureReceipt }
  | { readonly kind: 'dropped'; readonly why: 'too-old' | 'unreadable' | 'malformed' | 'gone' }
  | { readonly kind: 'waits'; readonly why: string; readonly retryAfterMs?: number | undefined }
  | { readonly kind: 'key-refused'; readonly why: string }
  | { readonly kind: 'failed'; readonly why: string };

/** Delivers a failure. Throws only where the spool itself cannot be written. */
export async function deliver(reportId: string, ports: DeliveryPorts): Promise<Delivered> {
  const { spool, now } = ports;
  const facts = readFailure(spool, reportId);
  if (facts === undefined) return { kind: 'dropped', why: 'gone' };
  if (facts === 'unreadable') {
    freezeFailure(spool, reportId);
    countDrop(spool, 'unreadable', 1, now());
    return { kind: 'dropped', why: 'unreadable' };
  }
  const receipt = readReceipt(spool, reportId);
  if (receipt) {
    finishSettled(spool, receipt, now());
    return { kind: 'settled', receipt };
  }
  const kept = keptEntry(spool, reportId);
  if (facts.at < now() - MAX_REPORT_AGE_MS) {
    // Where there is an entry the hit was counted, and only that is lost.
    if (!kept) countDrop(spool, 'too-old', facts.count, now());
    removeFailure(spool, reportId);
    return { kind: 'dropped', why: 'too-old' };
  }
  const report = failureReport(facts);
  const made = kept && readEntry(kept, spool);
  // An entry is only made once the hit has been taken: what is left to do is to send it.
  return made ? sendAgain(report, made, ports) : sendHit(report, ports);
}

/** An entry from an earlier attempt, perhaps one that arrived without our hearing of it. */
async function sendAgain(report: FailureReport, made: MadeEntry, ports: DeliveryPorts): Promise<Delivered> {
  const askedAt = ports.now();
  const leases = await leaseAgain(report.bucketId, made.header, ports);
  if (leases === 'later') return OTHERS_BRING_IT;
  if (leases !== 'not-wanted' && 'kind' in leases) return waits(leases);
  const given = leases === 'not-wanted' ? [] : leases;
  return sendEntry(report, made, { hit: 'counted', notSent: [] }, ports, { given, askedAt });
}

const OTHERS_BRING_IT: Delivered = { kind: 'failed', why: 'others have the lease for it' };

interface Progress {
  readonly hit: FailureReceipt['hit'];
  readonly reason?: string | undefined;
  readonly notSent: readonly NotSent[];
}

async function sendHit(report: FailureReport, ports: DeliveryPorts): Promise<Delivered> {
  markTried(report, ports.spool);
  const taken = await ports.link.postHits([report.hit]);
  if (taken.kind !== 'taken') return refusedHit(report, taken, ports);
  const { spool, now } = ports;
  const trust = trusted(taken, ports);
  const { believed, notSent } = weighDemands(report, taken, trust, ports);
  const held = readDemands(spool, report.bucketId).leases;
  keepDemands(spool, report.bucketId, believed, held);
  weighAnswers(report, taken, trust, spool);
  const consent = consentOf(report.facts.consent, ports.consent);
  const allowance = { consent, declared: report.facts.declared };
  const collected = collect(report.facts, believed, allowance, spool);
  const askedAt = now();
  const leased = await leaseCollection(report, collected, { believed, allowance, held }, ports);
  if (leased.kind === 'unavailable') return waits(leased);
  keepDemands(spool, report.bucketId, believed, leased.toCollect);
  const { collection } = leased;
  const progress: Progress = {
    hit: taken.result,
    reason: taken.reason,
    notSent: [...notSent, ...collection.notSent],
  };
  if (taken.result === 'refused') countDrop(spool, 'refused', report.facts.count, now());
  if (collection.parts.length === 0 || taken.result === 'refused') return settle(report, progress, ports);
  const made = await makeEntry(report, collection, uuidv7());
  keepEntry(spool, report.facts.reportId, made.kept);
  if (leased.wait) return OTHERS_BRING_IT;
  return sendEntry(report, made, progress, ports, { given: leased.toDeliver, askedAt });
}

/** From here on the hit never changes. A dying host notes no bucket; before the server answers the sources may be others. */
function markTried({ facts, bucket }: FailureReport, spool: Spool): void {
  if (facts.tried !== true) rewriteFailure(spool, { ...facts, seen: facts.seen ?? bucket, tried: true });
}

/** Asked only where something is said that has to be believed. */
function trusted(
  { demands, answers, presented }: HitTaken,
  { spool, server, key }: DeliveryPorts,
): SiteTrust {
  const isSilent = demands.length === 0 && answers.length === 0;
  return presented && !isSilent ? trustSite(spool, server, key, presented) : 'no-key';
}

function weighDemands(
  { bucket, bucketId }: FailureReport,
  { demands }: HitTaken,
  trust: SiteTrust,
  { spool, now }: DeliveryPorts,
): { readonly believed: readonly SignedDemand[]; readonly notSent: readonly NotSent[] } {
  const known = readDemands(spool, bucketId).demands;
  const { believed, disbelieved } = believe(demands, trust, { bucket, known, now: now() });
  const notSent = disbelieved.flatMap(({ demand, why }) =>
    demand.terms.types.map(({ type }) => ({ type, why })),
  );
  return { believed, notSent };
}

function weighAnswers(
  { bucket, bucketId }: FailureReport,
  { answers }: HitTaken,
  trust: SiteTrust,
  spool: Spool,
): void {
  const known = readAnswers(spool, bucketId);
  const believed = believeAnswers(answers, trust, { bucket, known });
  if (believed.length > 0 || known.length > 0) keepAnswers(spool, bucketId, bucketKey(bucket), believed);
}

function refusedHit(report: FailureReport, answer: Rejected | Unavailable, ports: DeliveryPorts): Delivered {
  if (answer.kind === 'unavailable') return waits(answer);
  if (answer.status === 401 || answer.status === 403) return keyRefused(answer);
  // Malformed, too large, too new: this very failure will never be taken. Anything else is the wrong server.
  if (![400, 413, 415, 422].includes(answer.status)) return { kind: 'waits', why: wordsOf(answer) };
  freezeFailure(ports.spool, report.facts.reportId);
  countDrop(ports.spool, 'malformed', report.facts.count, ports.now());
  return { kind: 'dropped', why: 'malformed' };
}

function waits({ why, retryAfterMs }: Unavailable): Delivered {
  return { kind: 'waits', why, retryAfterMs };
}

function keyRefused(answer: Rejected): Delivered {
  return { kind: 'key-refused', why: wordsOf(answer) };
}

function wordsOf({ status, code, detail }: Rejected): string {
  return `the server answers ${status} ${code}${detail === '' ? '' : `: ${detail}`}`;
}

async function sendEntry(
  report: FailureReport,
  { header, bytes, frame }: MadeEntry,
  progress: Progress,
  ports: DeliveryPorts,
  { given, askedAt }: { readonly given: readonly Lease[]; readonly askedAt: number },
): Promise<Delivered> {
  const { entryId } = header;
  const fences = given.map(({ fence }) => fence);
  const answer = await whileLeased(given, askedAt, ports, (over) =>
    ports.link.putEntry({ entryId, bytes, frame, fences, over, onProgress: ports.goOn }),
  );
  if (answer.kind === 'unavailable') return waits(answer);
  if (answer.kind === 'rejected' && answer.status === 401) return keyRefused(answer);
  // It had a lease when it began; it is tried again with the next one.
  if (answer.kind === 'rejected' && answer.code.startsWith('lease-') && given.length > 0)
    return { kind: 'failed', why: wordsOf(answer) };
  const entry = {
    entryId,
    types: header.parts.map(({ type }) => type),
    bytes,
    demands: header.demands,
    ...(answer.kind === 'taken' ? { result: answer.result } : refusal(answer)),
  };
  return settle(report, progress, ports, entry);
}

function refusal(answer: Rejected): Pick<NonNullable<FailureReceipt['entry']>, 'result' | 'reason'> {
  if (answer.status === 409) return { result: 'not-needed' };
  if (answer.status === 403) return { result: 'refused-by-policy' };
  return { result: 'refused', reason: wordsOf(answer) };
}

function settle(
  { facts, bucket, bucketId }: FailureReport,
  { hit, reason, notSent }: Progress,
  { spool, link, now }: DeliveryPorts,
  entry?: FailureReceipt['entry'],
): Delivered {
  const receipt: FailureReceipt = {
    reportId: facts.reportId,
    bucketId,
    bucketKey: bucketKey(bucket),
    at: facts.at,
    settledAt: now(),
    count: facts.count,
    outcome: facts.outcome,
    server: link.origin,
    hit,
    ...(reason === undefined ? {} : { reason }),
    ...(entry === undefined ? {} : { entry }),
    notSent,
    ...(facts.run === undefined ? {} : { run: facts.run }),
    ...(facts.life === undefined ? {} : { life: facts.life }),
  };
  writeReceipt(spool, receipt);
  if (hit !== 'refused') holdBack({ facts, bucket, bucketId, sent: typesAt(entry), askedAt: now() }, spool);
  removeFailure(spool, facts.reportId);
  return { kind: 'settled', receipt };
}

/** What of an entry the site has. */
function typesAt(entry: FailureReceipt['entry']): readonly string[] {
  return entry?.result === 'stored' || entry?.result === 'duplicate' ? entry.types : [];
}

/** In case the site asks for more: what a full disk does not take is not missed. */
function holdBack(held: HeldFailure, spool: Spool): void {
  if (!levelAllows(held.facts.consent, 'minimal')) return;
  try {
    hold(spool, { ...held, facts: { ...held.facts, seen: held.bucket } });
  } catch {
    // Its hit was counted and its receipt is written.
  }
}
