/**
 * A site's way up: passes over the store towards its destination, one at a time, on demand and on schedule.
 * @module
 */
import { ServerError } from '@fr/server';
import {
  type AcceptedAnswers,
  createSchedule,
  type ExaminedEntry,
  type ExportSummary,
  examineEntry,
  httpDestination,
  openWindow,
  type PassFailure,
  type PassOptions,
  type PassPreview,
  type PassSummary,
  type PreviewOptions,
  previewPass,
  type ReplySummary,
} from '@fr/sync';
import { ASK_EVERY_MS, answersQuestion, createSeldom } from './answers-question.ts';
import { createCarrying } from './carrying.ts';
import { createPasses } from './passes.ts';
import { sentSoFar } from './sent-so-far.ts';
import type { Site } from './site.ts';
import { pinnedFingerprint, type Upstream } from './site-settings.ts';

/** What can be asked of the way up. */
export interface Upward {
  /** Runs a pass now that tells every count, behind one of the schedule that runs. */
  pass(): Promise<PassSummary>;
  /** What a pass by hand would send now. Sends nothing. */
  preview(onDecision?: PreviewOptions['onDecision']): Promise<PassPreview>;
  /** What would leave of one entry if somebody let it; nothing for an unknown id. */
  examine(entryId: string, without?: readonly string[]): Promise<ExaminedEntry | undefined>;
  /** Writes a bundle to be carried to the destination; waits for a pass that runs. */
  exportTo(file: string, oneWay: boolean): Promise<ExportSummary>;
  /** Takes in the reply to a bundle. */
  importFrom(file: string): Promise<ReplySummary>;
  /** Asks the destination what people at programs that have failed may be told. */
  askAnswers(): Promise<AcceptedAnswers>;
  /** Starts passing on schedule; nothing where there is no upstream. */
  start(log: (summary: PassSummary) => void): void;
  stop(): Promise<void>;
}

/** Sets up the way up of a site; without an upstream every verb says how to get one. */
export function createUpward(site: Site, now: () => number): Upward {
  const { upstream } = site.settings;
  const { ledger } = site;
  const options = upstream && passOptions(site, upstream, now);
  const countPass = ({ code }: PassFailure): Promise<void> => site.attempts.count('passes', 'failed', code);
  const passes = options && ledger && createPasses(options, ledger, upstream.countsEveryMs, countPass);
  const schedule =
    passes && upstream.everyMs > 0
      ? createSchedule({
          everyMs: upstream.everyMs,
          run: async () => {
            if (!isOpen(site, now())) return;
            const summary = await passes.bySchedule();
            report(summary);
            // Nobody waits for it; the next time is soon enough.
            if (!summary.failure && ask) await nowAndThen(ask).catch(() => undefined);
          },
        })
      : undefined;
  const ask = options && upstream && ledger && answersQuestion(site, upstream, ledger, options);
  const carrying = options && upstream && ledger && createCarrying(site, upstream, ledger, options);
  const nowAndThen = createSeldom(ASK_EVERY_MS, now);
  const looking = async (now: () => Promise<Omit<PassOptions, 'ledger'>>): Promise<PreviewOptions> => ({
    ...(await now()),
    ledger: { sent: await sentSoFar(site) },
  });
  // A running pass ends at its next safe point: the next one goes by the new policy.
  site.policy.onTaken(() => void passes?.stop());
  let report: (summary: PassSummary) => void = () => undefined;

  return {
    async pass() {
      if (!passes) throw noUpstream();
      return await passes.byHand();
    },
    async preview(onDecision) {
      if (!options) throw noUpstream();
      return await previewPass({ ...(await looking(options)), onDecision });
    },
    async examine(entryId, without) {
      if (!options) throw noUpstream();
      return await examineEntry(await looking(options), entryId, without);
    },
    async askAnswers() {
      if (!ask) throw noUpstream();
      return await ask();
    },
    async exportTo(file, oneWay) {
      if (!carrying) throw noUpstream();
      await passes?.settled();
      return await carrying.exportTo(file, oneWay);
    },
    async importFrom(file) {
      if (!carrying) throw noUpstream();
      await passes?.settled();
      return await carrying.importFrom(file);
    },
    start(log) {
      report = log;
      schedule?.start();
    },
    async stop() {
      await Promise.all([schedule?.stop(), passes?.stop()]);
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
