/**
 * A site's way up: passes over the store towards its destination, one at a time, on demand and on schedule.
 * @module
 */
import { uuidv7 } from '@fr/protocol/ids';
import { tokenHash } from '@fr/protocol/signature';
import { ServerError } from '@fr/server';
import {
  createPassRunner,
  createSchedule,
  type ExaminedEntry,
  type ExportSummary,
  examineEntry,
  exportBundle,
  httpDestination,
  importReply,
  openWindow,
  type PassOptions,
  type PassPreview,
  type PassSummary,
  type PreviewOptions,
  previewPass,
  type ReplySummary,
  runPass,
  withOwnCopy,
} from '@fr/sync';
import { sentSoFar } from './sent-so-far.ts';
import type { Site } from './site.ts';
import { pinnedFingerprint, type Upstream } from './site-settings.ts';

/** What can be asked of the way up. */
export interface Upward {
  /** Runs a pass now, or joins the one that runs. */
  pass(): Promise<PassSummary>;
  /** What a pass would send now. Sends nothing. */
  preview(): Promise<PassPreview>;
  /** What would leave of one entry if somebody let it; nothing for an unknown id. */
  examine(entryId: string, without?: readonly string[]): Promise<ExaminedEntry | undefined>;
  /** Writes a bundle to be carried to the destination; waits for a pass that runs. */
  exportTo(file: string, oneWay: boolean): Promise<ExportSummary>;
  /** Takes in the reply to a bundle. */
  importFrom(file: string): Promise<ReplySummary>;
  /** Starts passing on schedule; nothing where there is no upstream. */
  start(log: (summary: PassSummary) => void): void;
  stop(): Promise<void>;
}

/** Sets up the way up of a site; without an upstream every verb says how to get one. */
export function createUpward(site: Site, now: () => number): Upward {
  const { upstream } = site.settings;
  const { ledger } = site;
  const options = upstream && passOptions(site, upstream, now);
  const runner =
    options && ledger
      ? createPassRunner(async (signal) => runPass({ ...(await options()), ledger, signal }))
      : undefined;
  const schedule =
    runner && upstream && upstream.everyMs > 0
      ? createSchedule({
          everyMs: upstream.everyMs,
          run: async () => {
            if (isOpen(site, now())) report(await runner.run());
          },
        })
      : undefined;
  const looking = async (now: () => Promise<Omit<PassOptions, 'ledger'>>): Promise<PreviewOptions> => ({
    ...(await now()),
    ledger: { sent: await sentSoFar(site) },
  });
  // A running pass ends at its next safe point: the next one goes by the new policy.
  site.policy.onTaken(() => void runner?.stop());
  let report: (summary: PassSummary) => void = () => undefined;

  return {
    async pass() {
      if (!runner) throw noUpstream();
      return await runner.run();
    },
    async preview() {
      if (!options) throw noUpstream();
      return await previewPass(await looking(options));
    },
    async examine(entryId, without) {
      if (!options) throw noUpstream();
      return await examineEntry(await looking(options), entryId, without);
    },
    async exportTo(file, oneWay) {
      if (!options || !upstream || !ledger) throw noUpstream();
      if (runner?.isRunning()) await runner.run();
      const { key } = site;
      const hash = tokenHash(upstream.token);
      return await exportBundle({
        ...(await options()),
        ledger,
        key,
        hash,
        bundleId: uuidv7(),
        file,
        oneWay,
      });
    },
    async importFrom(file) {
      if (!options || !upstream || !ledger) throw noUpstream();
      if (runner?.isRunning()) await runner.run();
      const { heard, dir } = site;
      const hash = tokenHash(upstream.token);
      const working = { ...(await options()), ledger, hash, heard };
      return await withOwnCopy(file, dir, (copy) => importReply({ ...working, file: copy }));
    },
    start(log) {
      report = log;
      schedule?.start();
    },
    async stop() {
      await Promise.all([schedule?.stop(), runner?.stop()]);
    },
  };
}

/** Whether the policy lets anything leave at this time of the week. */
function isOpen({ policy }: Site, at: number): boolean {
  const { schedule = [] } = policy.policy;
  return schedule.length === 0 || openWindow(schedule, at) !== undefined;
}

function noUpstream(): ServerError {
  const how = '`serve --upstream URL --upstream-token frs_… --upstream-program NAME`';
  return new ServerError('no-upstream', 409, `this site has no destination yet: start it with ${how}`);
}

/** What a pass that begins now works with. */
function passOptions(
  site: Site,
  upstream: Upstream,
  now: () => number,
): () => Promise<Omit<PassOptions, 'ledger'>> {
  const destination = httpDestination({ url: upstream.url, token: upstream.token });
  const pinned = pinnedFingerprint(upstream);
  return async () => ({
    store: site.store,
    destination,
    policy: site.policy.policy,
    programs: upstream.programs,
    reviews: await site.reviews.reader(),
    pinned,
    to: new URL(upstream.url).origin,
    now,
  });
}
