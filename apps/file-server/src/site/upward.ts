/**
 * A site's way up: passes over the store towards its destination, one at a time, on demand and on schedule.
 * @module
 */
import { ServerError } from '@fr/server';
import {
  createPassRunner,
  createSchedule,
  httpDestination,
  type PassOptions,
  type PassSummary,
  previewPass,
  readLedger,
  runPass,
  SentSamples,
} from '@fr/sync';
import { ledgerFile, type Site } from './site.ts';
import { pinnedFingerprint, type Upstream } from './site-settings.ts';

/** What can be asked of the way up. */
export interface Upward {
  /** Runs a pass now, or joins the one that runs. */
  pass(): Promise<PassSummary>;
  /** What a pass would send now. Sends nothing. */
  preview(): Promise<unknown>;
  /** Starts passing on schedule; nothing where there is no upstream. */
  start(log: (summary: PassSummary) => void): void;
  /** Ends a running pass at its next safe point: the next one goes by the new policy. */
  policyChanged(): Promise<void>;
  stop(): Promise<void>;
}

/** Sets up the way up of a site; without an upstream every verb says how to get one. */
export function createUpward(site: Site, now: () => number): Upward {
  const { upstream } = site.settings;
  const { ledger } = site;
  const options = upstream && passOptions(site, upstream, now);
  const runner =
    options && ledger ? createPassRunner((signal) => runPass({ ...options(), ledger, signal })) : undefined;
  const schedule =
    runner && upstream
      ? createSchedule({ everyMs: upstream.everyMs, run: async () => report(await runner.run()) })
      : undefined;
  let report: (summary: PassSummary) => void = () => undefined;

  return {
    async pass() {
      if (!runner) throw noUpstream();
      return await runner.run();
    },
    async preview() {
      if (!options) throw noUpstream();
      return await previewPass({ ...options(), ledger: { sent: ledger?.sent ?? (await sentSoFar(site)) } });
    },
    start(log) {
      report = log;
      schedule?.start();
    },
    policyChanged: () => runner?.stop() ?? Promise.resolve(),
    async stop() {
      await Promise.all([schedule?.stop(), runner?.stop()]);
    },
  };
}

function noUpstream(): ServerError {
  const how = '`serve --upstream URL --upstream-token frs_… --upstream-program NAME`';
  return new ServerError('no-upstream', 409, `this site has no destination yet: start it with ${how}`);
}

/** Samples sent before, where the ledger is not open because the folder is only read. */
async function sentSoFar(site: Site): Promise<SentSamples> {
  const sent = new SentSamples();
  for await (const record of readLedger(ledgerFile(site.dir))) sent.note(record);
  return sent;
}

/** What a pass that begins now works with. */
function passOptions(site: Site, upstream: Upstream, now: () => number): () => Omit<PassOptions, 'ledger'> {
  const destination = httpDestination({ url: upstream.url, token: upstream.token });
  const pinned = pinnedFingerprint(upstream);
  return () => ({
    store: site.store,
    destination,
    policy: site.policy.policy,
    programs: upstream.programs,
    pinned,
    to: new URL(upstream.url).origin,
    now,
  });
}
