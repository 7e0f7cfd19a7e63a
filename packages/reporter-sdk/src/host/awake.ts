/**
 * fr inside a program to which something has happened: it failed, made a worker, left a breadcrumb. Programs to which
 * nothing happens never compile this.
 *
 * What notes failures is made at the first one, the trail with the first crumb, the watch over workers with the first
 * worker.
 * @module
 */
import type { Worker } from 'node:worker_threads';
import { fs } from '../builtin.ts';
import { type AskPerson, putQuestion } from '../consent/consent-question.ts';
import type { Watch } from '../guard/watch.ts';
import { flushed } from '../noting/flush.ts';
import { Noting, type NotingPorts } from '../noting/noting.ts';
import { type Answer, takeUntold } from '../spool/answer-cache.ts';
import { askQuestion } from '../spool/consent-answer.ts';
import type { Breadcrumb } from '../trail/breadcrumbs.ts';
import { listenForCrumbs } from '../trail/sources.ts';
import { beginTrail, type Trail } from '../trail/trail.ts';
import { watchHangs } from './hang-watch.ts';
import { launchReporter } from './launch.ts';
import { ownCollectors } from './settings/declarations.ts';
import type { Environment, InitOptions, Settings } from './settings/settings.ts';
import { outcomeOfUncaught } from './uncaught.ts';
import { warnedRejections } from './warned-rejections.ts';
import { tellThreads, type WorkerWatch, watchWorkers } from './workers/workers.ts';

/** What being awake needs from the part that has started. */
export interface WakePorts {
  readonly settings: Settings;
  readonly options: Pick<InitOptions, 'beforeReport' | 'collectors'>;
  readonly environment: Environment;
  readonly watch: Watch;
  /** Whether this is a worker thread. */
  readonly worker: boolean;
  readonly bucketing: NotingPorts['bucketing'];
  /** Called before the first failure is noted. */
  readonly beforeNoting: () => void;
  /** Keeps faults of ours from the host. */
  readonly quietly: <A extends readonly unknown[]>(act: (...args: A) => void) => (...args: A) => void;
}

/** Everything that can happen. Members throw; the caller keeps that from the host. */
export interface Awake {
  uncaught(thrown: unknown, origin: string): void;
  /** A warning of Node about an unhandled rejection. */
  warned(warning: unknown): void;
  made(worker: Worker): void;
  captured(error: unknown): void;
  left(crumb: Breadcrumb): void;
  listenForCrumbs(): void;
  watchHangs(): void;
  askQuestion(): void;
  /** The program puts the question itself. */
  putQuestion(onAsk: AskPerson): void;
  tellAnswers(onAnswer: (answer: Answer) => void): void;
  flush(ms: number): Promise<boolean>;
  close(): void;
}

/** Wakes fr in this thread. */
export function wake(ports: WakePorts): Awake {
  const { settings, environment, watch, worker, quietly } = ports;
  const spool = { folder: settings.spoolFolder };
  const trail = trailOnDemand(ports);
  const noting = notingOnDemand(ports, trail);
  const rejections = warnedRejections((told) => noting.now().noteTold(told));
  const stops: (() => void)[] = [];
  let workers: WorkerWatch | undefined;
  return {
    uncaught(thrown, origin) {
      const outcome = outcomeOfUncaught();
      if (workers?.claims(thrown)) {
        noting.now().notedElsewhere(outcome);
        return;
      }
      // The end of a worker need not be that of the program.
      noting.now().note(thrown, worker ? 'unknown' : outcome, origin);
      if (worker && outcome === 'fatal') tellThreads(true);
    },
    warned: rejections,
    made(thread) {
      workers ??= watchWorkers({
        note: quietly((thrown: unknown) => noting.now().note(thrown, 'survived')),
        deliver: quietly(() => noting.now().notedElsewhere('unknown')),
        quietly,
      });
      workers.watch(thread);
    },
    captured: (error) => noting.now().note(error, 'handled'),
    left: (crumb) => trail.add(crumb),
    listenForCrumbs: () => void stops.push(listenForCrumbs(settings.crumbSources, trail.add)),
    watchHangs: () => void stops.push(watchHangs(settings)),
    askQuestion: () => askQuestion(spool),
    putQuestion(onAsk) {
      const asked = putQuestion(spool, onAsk, settings, () => watch.deliver());
      // What the program's own question throws counts as no answer.
      asked.catch((error: unknown) => quietly(() => fail(error))());
    },
    tellAnswers(onAnswer) {
      if (!fs.existsSync(`${spool.folder}/answers`)) return;
      for (const answer of takeUntold(spool)) quietly(onAnswer)(answer);
    },
    async flush(ms) {
      const deliver = (onEnd: () => void): void => launchReporter(settings, environment, onEnd);
      return noting.started === undefined
        ? true
        : flushed(noting.started, ms, { spoolFolder: spool.folder, deliver });
    },
    close() {
      workers?.stop();
      for (const stop of stops) stop();
      noting.started?.stop();
    },
  };
}

function fail(error: unknown): never {
  throw error;
}

/** The trail, which begins with the first crumb. */
interface TrailOnDemand {
  add(crumb: Breadcrumb): void;
  list(): readonly Breadcrumb[];
}

function trailOnDemand({ settings, watch, worker }: WakePorts): TrailOnDemand {
  let trail: Trail | undefined;
  return {
    add(crumb) {
      trail ??= beginTrail(settings, worker ? undefined : watch.life);
      trail.add(crumb);
    },
    list: () => trail?.ring.list() ?? [],
  };
}

interface NotingOnDemand {
  now(): Noting;
  readonly started: Noting | undefined;
}

function notingOnDemand(
  { settings, options, environment, watch, bucketing, beforeNoting }: WakePorts,
  breadcrumbs: TrailOnDemand,
): NotingOnDemand {
  const { beforeReport, collectors } = options;
  let started: Noting | undefined;
  return {
    now() {
      beforeNoting();
      started ??= new Noting({
        settings,
        environment,
        breadcrumbs,
        ownCode: { beforeReport, collectors: ownCollectors(collectors) },
        bucketing,
        launch: (when) => (when === 'now' ? watch.deliver() : watch.deliverAtEnd()),
        life: watch.life,
        now: Date.now,
      });
      return started;
    },
    get started() {
      return started;
    },
  };
}
