/**
 * Notes failures: everything the host does at a failure, and all of it synchronous.
 *
 * A fatal failure is durable before this returns. Of the failures a program survives, the first per bucket and second
 * is durable at once; the others of that second are folded into one more failure with their exact count, written when
 * the second is over, at exit, or on flush. One error object is one hit, however often it is seen. The reporter is
 * launched once per 30 s by a program that lives on, and at once by one that dies.
 * @module
 */
import type { ErrorFacts } from '@fr/bucket';
import type { Outcome } from '@fr/protocol';
import { mayCollect } from '../allowance.ts';
import { UNDECIDED_MS } from '../guard/outcome.ts';
import type { OwnCode } from '../host/own-code.ts';
import type { Environment, Settings } from '../host/settings/settings.ts';
import { hasDemands, wantedTypes } from '../spool/demand-cache.ts';
import { countDrop, countDropByName } from '../spool/drops.ts';
import type { FailureFacts } from '../spool/failure-facts.ts';
import { isWaiting, openSpool, type Spool, type SpoolPart, writeFailure } from '../spool/spool.ts';
import { keepSettings } from '../spool/stored-settings.ts';
import type { BreadcrumbRing } from '../trail/breadcrumbs.ts';
import type { Place } from './bucketing.ts';
import { diagnosticReport } from './diagnostic-report.ts';
import { errorFacts } from './error-facts.ts';
import { planSnapshot, takeSnapshot } from './heap-snapshot.ts';
import { type Observation, Observer, type ObserverPorts } from './observation.ts';
import { declaredAfter, ownParts } from './own-code.ts';
import { processFacts } from './process-facts.ts';
import { newReportId } from './report-id.ts';
import { toldError } from './told-error.ts';

const SECOND_MS = 1_000;
const LAUNCH_EVERY_MS = 30_000;
const REMEMBERED = 1_000;

/** What noting needs from outside. */
export interface NotingPorts {
  readonly settings: Settings;
  readonly environment: Environment;
  readonly breadcrumbs: Pick<BreadcrumbRing, 'list'>;
  readonly ownCode: OwnCode;
  readonly bucketing: ObserverPorts['bucketing'];
  /** Launches the reporter: now, or as soon as this process is gone. */
  readonly launch: (when: 'now' | 'at-end') => void;
  /** Id of this process's run marker. */
  readonly life: string | undefined;
  readonly now: () => number;
}

interface Fold {
  readonly observation: Observation;
  readonly outcome: Outcome;
  readonly at: number;
  count: number;
}

type Occurrence = Pick<FailureFacts, 'outcome' | 'at' | 'count'>;

export class Noting {
  readonly #ports: NotingPorts;
  readonly #observer: Observer;
  readonly #seen = new WeakSet<object>();
  /** Buckets that had a failure in the running second, with the further ones of that second. */
  readonly #folds = new Map<string, Fold>();
  readonly #noted = new Set<string>();
  /** Texts of rejections that were noted as exceptions. */
  readonly #rejections = new Set<string>();
  #secondEnds: NodeJS.Timeout | undefined;
  #nextLaunch: NodeJS.Timeout | undefined;
  #launchedAt = Number.NEGATIVE_INFINITY;
  #launchOwed = false;
  #spool: Spool | undefined;
  /** Occurrences that could not be written, until a later one can and their number with it. */
  #lost = 0;

  constructor(ports: NotingPorts) {
    this.#ports = ports;
    this.#observer = new Observer(ports);
  }

  /** Report ids this process has put into the spool. */
  get noted(): ReadonlySet<string> {
    return this.#noted;
  }

  /** Notes a failure. Throws where the spool cannot be used; the caller keeps that from the host. */
  note(thrown: unknown, outcome: Outcome, origin?: string): void {
    if (typeof thrown === 'object' && thrown !== null) {
      if (this.#seen.has(thrown)) return;
      this.#seen.add(thrown);
    }
    const error = errorFacts(thrown);
    // In the mode `strict` Node warns of a rejection whose exception the host has caught.
    if (origin === 'unhandledRejection' && outcome === 'unknown') this.#rejections.add(textOf(error));
    if (this.#rejections.size > REMEMBERED) this.#rejections.clear();
    this.#noteFacts(error, outcome, thrown);
  }

  /** Notes a rejection of which Node tells only the text. */
  noteTold(told: string): void {
    if (!this.#rejections.delete(told)) this.#noteFacts(toldError(told), 'survived');
  }

  /** Notes that the main thread has been blocked for so long, and what it is at where that is known. */
  noteHang(blockedMs: number, stack: string | undefined): void {
    const at = this.#ports.now();
    const observation = this.#observer.observeHang(blockedMs, stack);
    this.#write(observation, { outcome: 'unknown', at, count: 1 });
    this.#launch('now');
  }

  /** Something of this process was noted elsewhere: it is delivered with what is noted here. */
  notedElsewhere(outcome: Outcome): void {
    if (outcome === 'fatal') this.#launch('at-end');
    else this.#launchSoon(outcome);
  }

  #noteFacts(error: ErrorFacts, outcome: Outcome, thrown?: unknown): void {
    const observation = this.#observer.observe(error);
    const at = this.#ports.now();
    if (outcome === 'fatal') {
      this.#writeFolds();
      this.#write(observation, { outcome, at, count: 1 }, thrown);
      this.#launch('at-end');
      return;
    }
    const { bucketId } = this.#observer.placeOf(observation);
    const fold = this.#folds.get(bucketId);
    if (fold) {
      fold.count += 1;
      this.#armExit();
      return;
    }
    this.#folds.set(bucketId, { observation, outcome, at, count: 0 });
    this.#armSecond();
    this.#write(observation, { outcome, at, count: 1 }, thrown);
    this.#launchSoon(outcome);
  }

  /** Makes everything durable that was only counted so far; true when there was something. */
  settleFolds(): boolean {
    clearTimeout(this.#secondEnds);
    this.#secondEnds = undefined;
    const wrote = this.#writeFolds();
    this.#folds.clear();
    return wrote;
  }

  /** Stops the timers after a last {@link settleFolds}. */
  stop(): void {
    if (this.settleFolds() || this.#launchOwed) this.#launch('now');
    process.removeListener('exit', this.#atExit);
  }

  #writeFolds(): boolean {
    let wrote = false;
    for (const fold of this.#folds.values()) {
      if (fold.count === 0) continue;
      const { observation, outcome, at, count } = fold;
      fold.count = 0;
      this.#write(observation, { outcome, at, count });
      wrote = true;
    }
    return wrote;
  }

  #write(observation: Observation, occurrence: Occurrence, thrown?: unknown): void {
    try {
      this.#spool ??= openSpool(this.#ports.settings.spoolFolder);
      this.#writeInto(this.#spool, observation, occurrence, thrown);
    } catch (error) {
      this.#lost += occurrence.count;
      // What may be the end of this process cannot be counted any later.
      const last = occurrence.outcome === 'fatal' || occurrence.outcome === 'unknown';
      if (last && this.#spool && countDropByName(this.#spool, 'unwritable', this.#lost, newReportId()))
        this.#lost = 0;
      throw error;
    }
    if (this.#lost === 0) return;
    countDrop(this.#spool, 'unwritable', this.#lost, occurrence.at);
    this.#lost = 0;
  }

  #writeInto(spool: Spool, observation: Observation, occurrence: Occurrence, thrown: unknown): void {
    const { settings, environment, breadcrumbs, ownCode, life } = this.#ports;
    const { failure } = observation;
    const declared = declaredAfter(ownCode.beforeReport, {
      failure,
      ...occurrence,
      declared: settings.declared,
    });
    if (declared === 'drop') {
      countDrop(spool, 'host', occurrence.count, occurrence.at);
      return;
    }
    const allowance = { consent: settings.consent, declared };
    const place = this.#placeFor(observation, occurrence, spool);
    const wanted = place ? wantedTypes(spool, place.bucketId, occurrence.at) : new Set();
    const takes = (type: string): boolean => wanted.has(type) && mayCollect(type, allowance);
    const parts = [...(takes('diagnostic-report') ? reportPart(thrown) : []), ...ownParts(ownCode, takes)];
    const run = environment['FR_RUN'];
    const reportId = newReportId();
    const snapshot = takes('heap-snapshot')
      ? planSnapshot(spool, reportId, settings.heapSnapshot, occurrence.outcome)
      : undefined;
    const facts: FailureFacts = {
      format: 1,
      reportId,
      ...occurrence,
      failure,
      ...(place === undefined ? {} : { seen: place.bucket }),
      process: processFacts(environment),
      consent: settings.consent,
      declared,
      ...(settings.files === undefined ? {} : { files: settings.files }),
      ...(takes('breadcrumbs') ? { breadcrumbs: breadcrumbs.list() } : {}),
      parts: parts.map(({ type }) => type),
      ...(run === undefined ? {} : { run }),
      ...(life === undefined ? {} : { life }),
    };
    if (writeFailure(spool, facts, parts) === 'full') {
      countDrop(spool, 'spool-full', occurrence.count, occurrence.at);
    } else {
      this.#remember(facts.reportId, spool);
      keepSettings(spool, settings);
      if (snapshot) takeSnapshot(spool, reportId, snapshot);
    }
  }

  /** A dying program looks for the bucket only where somebody may have asked for more; the reporter finds it anyway. */
  #placeFor(observation: Observation, { outcome }: Occurrence, spool: Spool): Place | undefined {
    return outcome === 'fatal' && !hasDemands(spool) ? undefined : this.#observer.placeOf(observation);
  }

  #remember(reportId: string, spool: Spool): void {
    if (this.#noted.size >= REMEMBERED) {
      for (const id of this.#noted) if (!isWaiting(spool, id)) this.#noted.delete(id);
    }
    this.#noted.add(reportId);
  }

  #armSecond(): void {
    this.#secondEnds ??= setTimeout(() => this.#endSecond(), SECOND_MS).unref();
  }

  #endSecond(): void {
    try {
      if (this.settleFolds()) this.#launchSoon('handled');
    } catch {
      // The spool became unusable; `fr-reporter doctor` says why.
    }
  }

  #launchSoon(outcome: Outcome): void {
    // What became of the host is known at its end, or when it is still there after this time.
    const undecided = outcome === 'unknown' && this.#ports.life !== undefined ? UNDECIDED_MS + 500 : 0;
    const wait = Math.max(undecided, this.#launchedAt + LAUNCH_EVERY_MS - this.#ports.now());
    if (wait <= 0) {
      this.#launch('now');
      return;
    }
    this.#launchOwed = true;
    this.#armExit();
    this.#nextLaunch ??= setTimeout(() => this.#launch('now'), wait).unref();
  }

  #launch(when: 'now' | 'at-end'): void {
    clearTimeout(this.#nextLaunch);
    this.#nextLaunch = undefined;
    this.#launchOwed = false;
    this.#launchedAt = this.#ports.now();
    this.#ports.launch(when);
  }

  // Only while something is owed: a listener more on `exit` could bring a host its warning about too many of them.
  #armExit(): void {
    if (!process.listeners('exit').includes(this.#atExit)) process.on('exit', this.#atExit);
  }

  readonly #atExit = (): void => {
    try {
      if (this.settleFolds() || this.#launchOwed) this.#launch('at-end');
    } catch {
      // As above; an exit code must not change.
    }
  };
}

function textOf({ stack, message }: ErrorFacts): string {
  return stack ?? message ?? '';
}

function reportPart(thrown: unknown): readonly SpoolPart[] {
  const content = diagnosticReport(thrown);
  return content === undefined ? [] : [{ type: 'diagnostic-report', content }];
}
