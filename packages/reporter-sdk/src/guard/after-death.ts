/**
 * After a death: makes the failure that the dead program could not note, unless it has noted why it died, settles what
 * became of the failures it has noted, and forgets the run. Runs in fr-reporter, under the spool's lock; each step may be
 * repeated, since the failure has its id from the marker.
 * @module
 */
import type { Outcome } from '@fr/protocol';
import { mayCollect } from '../allowance.ts';
import { programOf } from '../host/settings/program.ts';
import { countDrop, isDropCounted } from '../spool/drops.ts';
import type { FailureFacts, NotedFailure, ProcessFacts } from '../spool/failure-facts.ts';
import { listReceipts, readReceipt } from '../spool/receipts.ts';
import {
  isWaiting,
  readFailure,
  type Spool,
  type SpoolPart,
  settleOutcome,
  waitingIds,
  writeFailure,
} from '../spool/spool.ts';
import { keepSettings } from '../spool/stored-settings.ts';
import { crumbFile, readCrumbs } from '../trail/crumb-file.ts';
import type { Death } from './death.ts';
import { type EndedRun, endedRuns, fateOfRun, forgetRun, tailOf } from './ended-run.ts';
import { type FatalReport, findFatalReport, removeFatalReport } from './fatal-report-file.ts';
import { UNDECIDED_MS } from './outcome.ts';

/** Concludes the runs that are over, but for those tried before; what fails (a full disk) is tried again another time. */
export function concludeRuns(spool: Spool, now: number, tried: Set<string>): void {
  for (const run of endedRuns(spool.folder, now)) {
    if (tried.has(run.id)) continue;
    tried.add(run.id);
    try {
      conclude(spool, run, now);
    } catch {
      // The marker stays.
    }
  }
}

/** Whether a run has ended that is not concluded, but for those tried before. */
export function hasEndedRuns(spool: Spool, now: number, tried: ReadonlySet<string>): boolean {
  return endedRuns(spool.folder, now).some(({ id }) => !tried.has(id));
}

/** Failures that are not delivered yet. */
export interface Undecided {
  readonly ids: ReadonlySet<string>;
  /** Some of them will be decided in a moment: their program is gone, and its end not concluded. */
  readonly soon: boolean;
}

/**
 * Failures whose program lives and may yet die of them, or is gone and its end not concluded, unless nobody `awaits` that of
 * this run. What has waited long enough while the program lives on is settled as survived.
 */
export function undecided(spool: Spool, now: number, awaits: (run: string) => boolean): Undecided {
  let soon = false;
  const ids = waitingIds(spool).filter((id) => {
    const facts = readFailure(spool, id);
    if (typeof facts !== 'object' || facts.outcome !== 'unknown' || facts.life === undefined) return false;
    const fate = fateOfRun(spool.folder, facts.life);
    if (fate === 'gone' && awaits(facts.life)) {
      soon = true;
      return true;
    }
    if (fate !== 'alive') return false;
    if (facts.at > now - UNDECIDED_MS) return true;
    settleOutcome(spool, id, 'survived');
    return false;
  });
  return { ids: new Set(ids), soon };
}

function conclude(spool: Spool, run: EndedRun, now: number): void {
  const noted = notedBy(spool, run.id);
  const cause = noted.some(({ outcome, at }) => outcome === 'fatal' || explains(run, outcome, at));
  for (const { reportId, outcome, at, waits } of noted) {
    if (waits && outcome === 'unknown' && isKnown(run.death))
      settleOutcome(spool, reportId, explains(run, outcome, at) ? 'fatal' : 'survived');
  }
  const report = isDeath(run.death) ? findFatalReport(spool.folder, run.marker) : undefined;
  if (isDeath(run.death) && !cause && !isWaiting(spool, run.id) && !readReceipt(spool, run.id)) {
    if (run.death.kind === 'missed' && !report) countMissed(spool, run.id, now);
    else noteDeath(spool, run, report, now);
  }
  if (report) removeFatalReport(report);
  forgetRun(spool.folder, run.id);
}

function isDeath(death: Death): boolean {
  return death.kind === 'exit' || death.kind === 'signal' || !isKnown(death);
}

/** Whether somebody saw the end. */
function isKnown({ kind }: Death): boolean {
  return kind !== 'unseen' && kind !== 'missed';
}

/**
 * An end that a guard has missed is most often that of a program somebody stopped, and others of its kind are seen: it is
 * counted, and no failure is made of it.
 */
function countMissed(spool: Spool, id: string, now: number): void {
  const by = `end ${id}`;
  if (!isDropCounted(spool, by)) countDrop(spool, 'unseen', 1, now, by);
}

/** Whether a failure that the program might have survived is what ended it: it went soon after, and not as one goes. */
function explains({ death, endedAt }: EndedRun, outcome: Outcome, at: number): boolean {
  if (outcome !== 'unknown') return false;
  // Where nobody saw the end, a failure that may have been it is the likelier story than a second one.
  if (!isKnown(death)) return true;
  if (endedAt === undefined || at < endedAt - UNDECIDED_MS) return false;
  if (death.kind === 'signal') return death.signal === 'SIGABRT';
  return (death.kind === 'left' || death.kind === 'exit') && death.code !== 0;
}

interface Noted {
  readonly reportId: string;
  readonly outcome: Outcome;
  readonly at: number;
  readonly waits: boolean;
}

/** What the program has noted of its failures, delivered or not. */
function notedBy(spool: Spool, life: string): readonly Noted[] {
  const waiting = waitingIds(spool).flatMap((id) => {
    const facts = readFailure(spool, id);
    return typeof facts === 'object' && facts.life === life ? [{ ...facts, waits: true }] : [];
  });
  const receipts = listReceipts(spool).filter((receipt) => receipt.life === life);
  return [
    ...waiting,
    ...receipts.map((receipt) => ({ ...receipt, outcome: receipt.outcome as Outcome, waits: false })),
  ];
}

function noteDeath(spool: Spool, run: EndedRun, report: FatalReport | undefined, now: number): void {
  const { marker, death } = run;
  const at = Math.round(run.endedAt ?? report?.at ?? now);
  const parts: readonly SpoolPart[] = [
    ...partOf('diagnostic-report', mayCollect('diagnostic-report', marker) ? report?.reduced : undefined),
    // Kept by the supervisor, which was allowed to.
    ...partOf('log-tail', tailOf(spool.folder, run.id)),
  ];
  const facts: FailureFacts = {
    format: 1,
    reportId: run.id,
    at,
    count: 1,
    // A process that vanished unseen may have been stopped by somebody who wanted it to.
    outcome: death.kind === 'unseen' && !report ? 'unknown' : 'fatal',
    failure: failureOf(run, report),
    process: processOf(run, at, report),
    consent: marker.consent,
    declared: parts.some(({ type }) => type === 'log-tail')
      ? [...new Set([...marker.declared, 'log-tail'])]
      : marker.declared,
    ...(marker.files === undefined ? {} : { files: marker.files }),
    ...crumbsOf(spool, run),
    parts: parts.map(({ type }) => type),
    ...(marker.run === undefined ? {} : { run: marker.run }),
    life: run.id,
  };
  if (writeFailure(spool, facts, parts) === 'full') countDrop(spool, 'spool-full', 1, now);
  else if (marker.server !== '') keepSettings(spool, marker);
}

/** The ring is the program's memory of its way; it is needed when the site asks, and gone when this is settled. */
function crumbsOf({ folder }: Spool, { id, marker }: EndedRun): Pick<FailureFacts, 'breadcrumbs'> {
  const breadcrumbs = mayCollect('breadcrumbs', marker) ? readCrumbs(crumbFile(folder, id)) : undefined;
  return breadcrumbs === undefined ? {} : { breadcrumbs };
}

function partOf(type: string, content: string | undefined): readonly SpoolPart[] {
  return content === undefined ? [] : [{ type, content }];
}

function failureOf({ marker, death }: EndedRun, report: FatalReport | undefined): NotedFailure {
  const common = { program: marker.program, programVersion: marker.version, platform: process.platform };
  if (report) return { kind: 'fatal', trigger: report.trigger, nativeStack: report.nativeStack, ...common };
  if (death.kind === 'exit') return { kind: 'exit', exitCode: death.code, ...common };
  return { kind: 'signal', signal: death.kind === 'signal' ? death.signal : 'unknown', ...common };
}

function processOf({ marker }: EndedRun, at: number, report: FatalReport | undefined): ProcessFacts {
  const root = marker.script === undefined ? undefined : programOf(marker.script).folder;
  return {
    pid: marker.life.pid,
    uptimeMs: Math.max(0, at - marker.at),
    runtime: marker.runtime,
    ...(root === undefined ? {} : { root }),
    ...(report?.rssBytes === undefined ? {} : { rssBytes: report.rssBytes }),
    ...(report?.heapUsedBytes === undefined ? {} : { heapUsedBytes: report.heapUsedBytes }),
    variables: marker.variables,
  };
}
