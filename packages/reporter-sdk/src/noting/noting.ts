/**
 * Notes failures: everything the host does at a failure, and all of it synchronous.
 *
 * A fatal failure is durable before this returns. Of the failures a program survives, the first per bucket and second
 * is durable at once; the others of that second are folded into one more failure with their exact count, written when
 * the second is over, at exit, or on flush. One error object is one hit, however often it is seen. The reporter is
 * launched once per 30 s by a program that lives on, and at once by one that dies.
 * @module
 */
import type { Outcome } from '@fr/protocol';
import { mayCollect } from '../allowance.ts';
import type { BreadcrumbRing } from '../host/breadcrumbs.ts';
import type { Environment, Settings } from '../host/settings.ts';
import { wantedTypes } from '../spool/demand-cache.ts';
import { countDrop } from '../spool/drops.ts';
import type { FailureFacts } from '../spool/failure-facts.ts';
import { isWaiting, openSpool, type Spool, type SpoolPart, writeFailure } from '../spool/spool.ts';
import { keepSettings } from '../spool/stored-settings.ts';
import { diagnosticReport } from './diagnostic-report.ts';
import { type Observation, Observer } from './observation.ts';
import { processFacts } from './process-facts.ts';
import { newReportId } from './report-id.ts';

const SECOND_MS = 1_000;
const LAUNCH_EVERY_MS = 30_000;
const REMEMBERED = 1_000;

/** What noting needs from outside. */
export interface NotingPorts {
  readonly settings: Settings;
  readonly environment: Environment;
  readonly breadcrumbs: BreadcrumbRing;
  readonly launch: () => void;
  readonly now: () => number;
}

interface Fold {
  readonly observation: Observation;
  readonly outcome: Outcome;
  readonly at: number;
  count: number;
}

export class Noting {
  readonly #ports: NotingPorts;
  readonly #observer: Observer;
  readonly #seen = new WeakSet<object>();
  /** Buckets that had a failure in the running second, with the further ones of that second. */
  readonly #folds = new Map<string, Fold>();
  readonly #noted = new Set<string>();
  #secondEnds: NodeJS.Timeout | undefined;
  #nextLaunch: NodeJS.Timeout | undefined;
  #launchedAt = Number.NEGATIVE_INFINITY;
  #launchOwed = false;
  #spool: Spool | undefined;

  constructor(ports: NotingPorts) {
    this.#ports = ports;
    this.#observer = new Observer(ports.settings);
  }

  /** Report ids this process has put into the spool. */
  get noted(): ReadonlySet<string> {
    return this.#noted;
  }

  /** Notes a failure. Throws where the spool cannot be used; the caller keeps that from the host. */
  note(thrown: unknown, outcome: Outcome): void {
    if (typeof thrown === 'object' && thrown !== null) {
      if (this.#seen.has(thrown)) return;
      this.#seen.add(thrown);
    }
    const observation = this.#observer.observe(thrown);
    const at = this.#ports.now();
    if (outcome === 'fatal') {
      this.#writeFolds();
      this.#write(observation, { outcome, at, count: 1 }, thrown);
      this.#launch();
      return;
    }
    const fold = this.#folds.get(observation.bucketId);
    if (fold) {
      fold.count += 1;
      this.#armExit();
      return;
    }
    this.#folds.set(observation.bucketId, { observation, outcome, at, count: 0 });
    this.#armSecond();
    this.#write(observation, { outcome, at, count: 1 }, thrown);
    this.#launchSoon();
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
    if (this.settleFolds() || this.#launchOwed) this.#launch();
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

  #write(
    { failure, bucket, bucketId }: Observation,
    occurrence: Pick<FailureFacts, 'outcome' | 'at' | 'count'>,
    thrown?: unknown,
  ): void {
    const { settings, environment, breadcrumbs } = this.#ports;
    this.#spool ??= openSpool(settings.spoolFolder);
    const wanted = wantedTypes(this.#spool, bucketId, occurrence.at);
    const takes = (type: string): boolean => wanted.has(type) && mayCollect(type, settings);
    const parts = takes('diagnostic-report') ? reportPart(thrown) : [];
    const run = environment['FR_RUN'];
    const facts: FailureFacts = {
      format: 1,
      reportId: newReportId(),
      ...occurrence,
      failure,
      seen: bucket,
      process: processFacts(environment),
      consent: settings.consent,
      declared: settings.declared,
      ...(takes('breadcrumbs') ? { breadcrumbs: breadcrumbs.list() } : {}),
      parts: parts.map(({ type }) => type),
      ...(run === undefined ? {} : { run }),
    };
    if (writeFailure(this.#spool, facts, parts) === 'full') {
      countDrop(this.#spool, 'spool-full', occurrence.count, occurrence.at);
    } else {
      this.#remember(facts.reportId, this.#spool);
      keepSettings(this.#spool, settings);
    }
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
      if (this.settleFolds()) this.#launchSoon();
    } catch {
      // The spool became unusable; `fr-reporter doctor` says why.
    }
  }

  #launchSoon(): void {
    const wait = this.#launchedAt + LAUNCH_EVERY_MS - this.#ports.now();
    if (wait <= 0) {
      this.#launch();
      return;
    }
    this.#launchOwed = true;
    this.#armExit();
    this.#nextLaunch ??= setTimeout(() => this.#launch(), wait).unref();
  }

  #launch(): void {
    clearTimeout(this.#nextLaunch);
    this.#nextLaunch = undefined;
    this.#launchOwed = false;
    this.#launchedAt = this.#ports.now();
    this.#ports.launch();
  }

  // Only while something is owed: a listener more on `exit` could bring a host its warning about too many of them.
  #armExit(): void {
    if (!process.listeners('exit').includes(this.#atExit)) process.on('exit', this.#atExit);
  }

  readonly #atExit = (): void => {
    try {
      if (this.settleFolds() || this.#launchOwed) this.#launch();
    } catch {
      // As above; an exit code must not change.
    }
  };
}

function reportPart(thrown: unknown): readonly SpoolPart[] {
  const content = diagnosticReport(thrown);
  return content === undefined ? [] : [{ type: 'diagnostic-report', content }];
}
