/**
 * fr inside a program: one listener, a ring of breadcrumbs and some counters. Started once per process, by whichever
 * of `init()` and `--import @fr/reporter-sdk/register` comes first; later calls get the same handle. What is needed at
 * a failure is loaded at the first one.
 * @module
 */
import { fs } from '../builtin.ts';
import { hasLeftOvers, type Watch, watchOver } from '../guard/watch.ts';
import type { Noting } from '../noting/noting.ts';
import { askQuestion } from '../spool/consent-answer.ts';
import type { Breadcrumb } from '../trail/breadcrumbs.ts';
import type { Trail } from '../trail/trail.ts';
import { ownCollectors } from './declarations.ts';
import { watchHangs } from './hang-watch.ts';
import { later } from './later.ts';
import { launchReporter } from './launch.ts';
import { type InitOptions, isSet, type Settings, settingsOf } from './settings.ts';
import { keepSpareDescriptor } from './spare-descriptor.ts';
import { type NoteUncaught, watchUncaught } from './uncaught.ts';
import { watchWarnedRejections } from './warned-rejections.ts';
import { inWorker, scriptOfProgram, watchFromWorker } from './worker-thread.ts';
import { tellThreads, watchWorkers } from './workers.ts';

/** What a program holds of fr. No member ever throws. */
export interface FrHandle {
  /** Notes a failure the program has caught. The same error object counts once, however often it is given. */
  captureException(error: unknown): void;
  /** Notes something on the way; the last 100 are kept on this machine and leave it only when a demand asks for them. */
  addBreadcrumb(crumb: Breadcrumb): void;
  /**
   * Waits up to `ms` milliseconds (default 5,000) until the server has settled everything captured so far. True when it
   * has, and when there was nothing; false leaves it in the spool for later.
   */
  flush(ms?: number): Promise<boolean>;
  /** Makes everything captured so far durable and stops listening. Does not wait for the server. */
  close(): void;
}

const RUNNING = Symbol.for('fr.reporter');

/** Starts fr in this process, or gives the handle of what runs already. Never throws. */
export function init(options: InitOptions = {}): FrHandle {
  const holder = globalThis as { [RUNNING]?: FrHandle };
  holder[RUNNING] ??= start(options);
  return holder[RUNNING];
}

function start(options: InitOptions): FrHandle {
  try {
    const settings = settingsOf(options, process.env, scriptOfProgram());
    return typeof settings === 'string' ? inert() : running(settings, options);
  } catch (error) {
    if (isSet(process.env['FR_DEBUG'])) say('did not start', error);
    return inert();
  }
}

function inert(): FrHandle {
  return {
    captureException() {},
    addBreadcrumb() {},
    flush: () => Promise.resolve(true),
    close() {},
  };
}

function running(settings: Settings, options: InitOptions): FrHandle {
  const { onAnswer } = options;
  const worker = inWorker();
  const watch = worker ? watchFromWorker(settings, process.env) : watchOver(settings, process.env);
  const load = later('at-failure');
  const trail = trailOnDemand(settings, worker ? undefined : watch.life, load);
  const noting = notingOnDemand(settings, options, watch, trail, load);
  const quietly = quiet(settings);
  const stopListening = listen(noting, worker, quietly);
  const leave = quietly(() => watch.leave());
  if (!worker) {
    onExit(leave);
    if (settings.ask) quietly(() => askQuestion({ folder: settings.spoolFolder }))();
    deliverLeftOvers(settings, watch);
    if (onAnswer) tellAnswers(settings, onAnswer, load, quietly);
  }
  let stopHangWatch: (() => void) | undefined;
  let stopCrumbs: (() => void) | undefined;
  quietly(() => {
    const { crumbSources } = settings;
    if (crumbSources.length > 0) stopCrumbs = load().listenForCrumbs(crumbSources, trail.add);
    if (!worker && settings.hangAfterMs > 0) stopHangWatch = watchHangs(settings);
  })();
  return {
    captureException: quietly((error: unknown) => noting.now().note(error, 'handled')),
    addBreadcrumb: quietly((crumb: Breadcrumb) => trail.add(crumb)),
    async flush(ms = 5_000) {
      const { started } = noting;
      if (!started) return true;
      const deliver = (onEnd: () => void): void => launchReporter(settings, process.env, onEnd);
      return load()
        .flushed(started, ms, { spoolFolder: settings.spoolFolder, deliver })
        .catch(() => false);
    },
    close: quietly(() => {
      stopListening();
      stopHangWatch?.();
      stopCrumbs?.();
      process.removeListener('exit', leave);
      noting.started?.stop();
      watch.dismiss();
    }),
  };
}

/** The trail, which begins with the first crumb. */
interface TrailOnDemand {
  add(crumb: Breadcrumb): void;
  list(): readonly Breadcrumb[];
}

function trailOnDemand(
  settings: Settings,
  life: string | undefined,
  load: ReturnType<typeof later<'at-failure'>>,
): TrailOnDemand {
  let trail: Trail | undefined;
  return {
    add(crumb) {
      trail ??= load().beginTrail(settings, life);
      trail.add(crumb);
    },
    list: () => trail?.ring.list() ?? [],
  };
}

/** The part that is loaded at the first failure. */
interface NotingOnDemand {
  now(): Noting;
  readonly started: Noting | undefined;
}

function notingOnDemand(
  settings: Settings,
  { beforeReport, collectors }: InitOptions,
  watch: Watch,
  trail: TrailOnDemand,
  load: ReturnType<typeof later<'at-failure'>>,
): NotingOnDemand {
  const bucketing = later('bucketing');
  const giveSpareBack = keepSpareDescriptor();
  let started: Noting | undefined;
  return {
    now() {
      giveSpareBack();
      started ??= new (load().Noting)({
        settings,
        environment: process.env,
        breadcrumbs: trail,
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

type Quietly = <A extends readonly unknown[]>(act: (...args: A) => void) => (...args: A) => void;

/** Keeps every fault of ours from the host: an exception in a listener of a dying program would change its exit code. */
function quiet({ debug }: Settings): Quietly {
  return (act) =>
    (...args) => {
      try {
        act(...args);
      } catch (error) {
        if (debug) say('could not note a failure', error);
      }
    };
}

function listen(noting: NotingOnDemand, worker: boolean, quietly: Quietly): () => void {
  const workers = watchWorkers({
    note: quietly((thrown: unknown) => noting.now().note(thrown, 'survived')),
    deliver: quietly(() => noting.now().notedElsewhere('unknown')),
    quietly,
  });
  const note: NoteUncaught = (thrown, outcome, origin) => {
    if (workers.claims(thrown)) {
      noting.now().notedElsewhere(outcome);
      return;
    }
    // The end of a worker need not be that of the program.
    noting.now().note(thrown, worker ? 'unknown' : outcome, origin);
    if (worker && outcome === 'fatal') tellThreads(true);
  };
  const stops = [
    watchUncaught(quietly(note)),
    watchWarnedRejections(quietly((told: string) => noting.now().noteTold(told))),
    workers.stop,
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** What an earlier run could not deliver goes along with this one, once the program has started. */
function deliverLeftOvers(settings: Settings, watch: Watch): void {
  setImmediate(() => {
    try {
      if (hasLeftOvers(settings.spoolFolder, watch.life)) watch.deliver();
    } catch (error) {
      if (settings.debug) say('could not look into the spool', error);
    }
  });
}

/** What the site has answered to an earlier run's failures, once the program has started. */
function tellAnswers(
  { spoolFolder }: Settings,
  onAnswer: NonNullable<InitOptions['onAnswer']>,
  load: ReturnType<typeof later<'at-failure'>>,
  quietly: Quietly,
): void {
  setImmediate(
    quietly(() => {
      if (!fs.existsSync(`${spoolFolder}/answers`)) return;
      for (const answer of load().takeUntold({ folder: spoolFolder })) quietly(onAnswer)(answer);
    }),
  );
}

/** One listener more for good: the number at which Node warns of a leak moves with it, so that no host sees a warning. */
function onExit(listener: () => void): void {
  const most = process.getMaxListeners();
  if (most > 0) process.setMaxListeners(most + 1);
  process.on('exit', listener);
}

function say(what: string, error: unknown): void {
  fs.writeSync(2, `fr: ${what}: ${error instanceof Error ? error.message : 'unknown reason'}\n`);
}
