/**
 * fr inside a program: listeners that sleep until something happens, and what wakes them. Started once per process, by
 * whichever of `init()` and `--import @fr/reporter-sdk/register` comes first; later calls get the same handle.
 *
 * Every program pays for what is reached from here, whether it ever fails or not: each function that runs at a start is
 * compiled for that, and all other text is at least looked through. So what can wait is in `awake`.
 * @module
 */
import type { Worker } from 'node:worker_threads';
import { fs } from '../builtin.ts';
import { hasLeftOvers, type Watch, watchOver } from '../guard/watch.ts';
import type { Breadcrumb } from '../trail/breadcrumbs.ts';
import type { Awake } from './awake.ts';
import { type Later, later } from './later.ts';
import { type InitOptions, isSet, type Settings, settingsOf } from './settings/settings.ts';
import { keepSpareDescriptor } from './spare-descriptor.ts';
import { inWorker, scriptOfProgram } from './workers/worker-thread.ts';

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
const REJECTION = 'UnhandledPromiseRejectionWarning';

/** Starts fr in this process, or gives the handle of what runs already. Never throws. */
export function init(options: InitOptions = {}): FrHandle {
  const holder = globalThis as { [RUNNING]?: FrHandle };
  holder[RUNNING] ??= start(options);
  return holder[RUNNING];
}

function start(options: InitOptions): FrHandle {
  const { env } = process;
  try {
    let code: AtFailure | undefined;
    const load = (): Later['at-failure'] => {
      code ??= later('at-failure');
      return code();
    };
    const settings = settingsOf(options, env, scriptOfProgram(), load);
    if (isSet(env['FR_DEBUG']) && !inWorker()) fs.writeSync(2, load().misread(settings, env));
    if (typeof settings !== 'string') {
      code ??= later('at-failure');
      return running(settings, options, code);
    }
  } catch (error) {
    if (isSet(env['FR_DEBUG'])) say('did not start', error);
  }
  return {
    captureException() {},
    addBreadcrumb() {},
    flush: () => Promise.resolve(true),
    close() {},
  };
}

type AtFailure = () => Later['at-failure'];

function running(settings: Settings, options: InitOptions, load: AtFailure): FrHandle {
  const worker = inWorker();
  const watch = worker ? load().watchFromWorker(settings, process.env) : watchOver(settings, process.env);
  const bucketing = later('bucketing');
  const beforeNoting = keepSpareDescriptor();
  const quietly = quiet(settings);
  let awake: Awake | undefined;
  const wake = (): Awake => {
    const { env: environment } = process;
    awake ??= load().wake({
      settings,
      options,
      environment,
      watch,
      worker,
      bucketing,
      beforeNoting,
      quietly,
    });
    return awake;
  };
  const stopListening = listen(wake, quietly);
  const leave = quietly((code: number) => watch.leave(code));
  if (!worker) {
    onExit(leave);
    if (settings.ask) quietly(() => wake().askQuestion())();
    setImmediate(quietly(() => afterStart(settings, options, watch, wake)));
  }
  if (settings.crumbSources.length > 0) quietly(() => wake().listenForCrumbs())();
  if (!worker && settings.hangAfterMs > 0) quietly(() => wake().watchHangs())();
  return {
    captureException: quietly((error: unknown) => wake().captured(error)),
    addBreadcrumb: quietly((crumb: Breadcrumb) => wake().left(crumb)),
    flush: async (ms = 5_000) => awake?.flush(ms).catch(() => false) ?? true,
    close: quietly(() => {
      stopListening();
      process.removeListener('exit', leave);
      awake?.close();
      watch.dismiss();
    }),
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

/** Changes nothing about what is listened to. Gives what stops it. */
function listen(wake: () => Awake, quietly: Quietly): () => void {
  const onUncaught = quietly((thrown: unknown, origin: string) => wake().uncaught(thrown, origin));
  const onWorker = quietly((made: Worker) => wake().made(made));
  const onWarning = quietly((warning: object) => {
    // Any code may emit any object as a warning: no getter of it is run.
    if (Object.getOwnPropertyDescriptor(warning, 'name')?.value === REJECTION) wake().warned(warning);
  });
  process.on('uncaughtExceptionMonitor', onUncaught);
  process.on('worker', onWorker);
  process.on('warning', onWarning);
  return () => {
    process.removeListener('uncaughtExceptionMonitor', onUncaught);
    process.removeListener('worker', onWorker);
    process.removeListener('warning', onWarning);
  };
}

/** What an earlier run has left, once the program has started: failures go along with this one, answers are told, questions put. */
function afterStart(
  settings: Settings,
  { onAnswer, onAsk }: InitOptions,
  watch: Watch,
  wake: () => Awake,
): void {
  if (hasLeftOvers(settings.spoolFolder, watch.life)) watch.deliver();
  if (onAnswer) wake().tellAnswers(onAnswer);
  if (settings.ask && onAsk) wake().putQuestion(onAsk);
}

/** One listener more for good: the number at which Node warns of a leak moves with it, so that no host sees a warning. */
function onExit(listener: (code: number) => void): void {
  const most = process.getMaxListeners();
  if (most > 0) process.setMaxListeners(most + 1);
  process.on('exit', listener);
}

function say(what: string, error: unknown): void {
  fs.writeSync(2, `fr: ${what}: ${error instanceof Error ? error.message : 'unknown reason'}\n`);
}
