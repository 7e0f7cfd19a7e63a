/**
 * fr inside a program: one listener, a ring of breadcrumbs and some counters. Started once per process, by whichever
 * of `init()` and `--import @fr/reporter-sdk/register` comes first; later calls get the same handle. What is needed at
 * a failure is loaded at the first one.
 * @module
 */
import { fs, path } from '../builtin.ts';
import type { Noting } from '../noting/noting.ts';
import { type Breadcrumb, BreadcrumbRing } from './breadcrumbs.ts';
import { launchReporter } from './launch.ts';
import { notingLoader } from './load-noting.ts';
import { type InitOptions, isSet, type Settings, settingsOf } from './settings.ts';

/** What a program holds of fr. No member ever throws. */
export interface FrHandle {
  /** Notes a failure the program has caught. The same error object counts once, however often it is given. */
  captureException(error: unknown): void;
  /** Notes something on the way; the last 100 are kept in memory and leave it only when a demand asks for them. */
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
    // A failed worker is seen from the main thread, by its 'error' event or as an uncaught exception.
    if (inWorker()) return inert();
    const settings = settingsOf(options, process.env, process.argv[1]);
    return typeof settings === 'string' ? inert() : running(settings);
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

function running(settings: Settings): FrHandle {
  const breadcrumbs = new BreadcrumbRing();
  const launch = (): void => launchReporter(settings, process.env);
  const load = notingLoader();
  const ports = { settings, environment: process.env, breadcrumbs, launch, now: Date.now };
  let started: Noting | undefined;
  const noting = (): Noting => {
    started ??= new (load().Noting)(ports);
    return started;
  };
  const quietly = <A extends readonly unknown[]>(act: (...args: A) => void): ((...args: A) => void) => {
    return (...args) => {
      try {
        act(...args);
      } catch (error) {
        if (settings.debug) say('could not note a failure', error);
      }
    };
  };
  // Covers uncaught exceptions and, in Node's default mode, unhandled rejections; changes nothing about either.
  const listener = quietly((error: unknown) => noting().note(error, mayBeCaught() ? 'unknown' : 'fatal'));
  process.on('uncaughtExceptionMonitor', listener);
  deliverLeftOvers(settings, launch);
  return {
    captureException: quietly((error: unknown) => noting().note(error, 'handled')),
    addBreadcrumb: quietly((crumb: Breadcrumb) => breadcrumbs.add(crumb, Date.now())),
    async flush(ms = 5_000) {
      if (!started) return true;
      const deliver = (onEnd: () => void): void => launchReporter(settings, process.env, onEnd);
      return load()
        .flushed(started, ms, { spoolFolder: settings.spoolFolder, deliver })
        .catch(() => false);
    },
    close: quietly(() => {
      process.removeListener('uncaughtExceptionMonitor', listener);
      started?.stop();
    }),
  };
}

/** Whether the host has a handler of its own: then nobody knows yet whether it dies. */
function mayBeCaught(): boolean {
  return process.listenerCount('uncaughtException') > 0 || process.hasUncaughtExceptionCaptureCallback();
}

/** What an earlier run could not deliver goes along with this one, once the program has started. */
function deliverLeftOvers(settings: Settings, launch: () => void): void {
  setImmediate(() => {
    try {
      if (hasLeftOvers(settings.spoolFolder)) launch();
    } catch (error) {
      if (settings.debug) say('could not look into the spool', error);
    }
  });
}

function hasLeftOvers(spoolFolder: string): boolean {
  const failures = path.join(spoolFolder, 'failures');
  return fs.existsSync(failures) && fs.readdirSync(failures).some((name) => name.endsWith('.json'));
}

/** Node marks what a worker cannot do; asking `node:worker_threads` would load it, which takes 3 ms. */
function inWorker(): boolean {
  return (process.chdir as { readonly disabled?: boolean }).disabled === true;
}

function say(what: string, error: unknown): void {
  fs.writeSync(2, `fr: ${what}: ${error instanceof Error ? error.message : 'unknown reason'}\n`);
}
