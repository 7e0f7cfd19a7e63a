/**
 * Leases of a site to its reporters, for each bucket and type. What is heavy is brought by one at a time. What hurts the
 * program it is taken of is collected at the next failure of that program, and nobody knows whose failure comes next: so
 * one reporter waits for it, after ten minutes a second one beside it, twenty minutes later a third … (17 in a day), each
 * for a day. Nobody begins to wait while somebody brings it.
 * @module
 */
import type { Bucket } from '@fr/bucket';
import {
  isCollectedUnderLease,
  type LeaseAsk,
  type LeasePurpose,
  type LeaseReply,
  type LeaseRequest,
} from '@fr/protocol';
import { withStanding } from '../bundle/standing.ts';
import type { LeaseLife } from '../lease/lease-book.ts';
import type { LeaseDesk, LeaseShelf } from '../lease/lease-desk.ts';
import { type LeaseTerms, leaseReply } from '../lease/lease-reply.ts';
import { type UpstreamWord, upstreamWords } from '../lease/upstream-word.ts';
import type { Policy } from '../policy/policy.ts';
import { type Wanted, wantedOfBucket } from './collection.ts';
import { countHoldings } from './holdings.ts';
import { DEFAULT_SITE_DEMAND, type SiteDefault } from './site-default.ts';
import type { IntakeStore } from './site-gate.ts';
import { siteSlot } from './site-slot.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A lease to collect for a destination that has not said a word: short, so that a word is soon minded. */
const WORDLESS_MS = HOUR_MS;

const LIVES: Readonly<Record<LeasePurpose, LeaseLife>> = {
  // Renewed while bytes move; a reporter that is killed stands in the way no longer than this.
  deliver: { least: 2 * MINUTE_MS, most: 2 * MINUTE_MS },
  // A day is also how long a reporter may act on what it was told.
  collect: { least: 24 * HOUR_MS, most: 24 * HOUR_MS, alone: 10 * MINUTE_MS },
};

/** What answering reporters' asks needs of the site's store; `@fr/store` fits by shape. */
export interface LeasingStore extends IntakeStore {
  readonly queries: IntakeStore['queries'] & {
    bucket(bucketId: string): Promise<{ readonly bucket: Bucket } | undefined>;
  };
  readonly settings: LeaseShelf;
}

/** Answers `POST /v1/leases` of a reporter: of what the site wants of the bucket now, as far as its destination lets it. */
export async function answerReporterLeases(input: {
  readonly store: LeasingStore;
  readonly desk: LeaseDesk;
  /** Default: {@link DEFAULT_SITE_DEMAND}. */
  readonly siteDefault?: SiteDefault;
  readonly policy: Policy;
  readonly programs: readonly string[];
  /** The destination for which the policy's standing demands are minded. Default: none. */
  readonly to?: string | undefined;
  readonly request: LeaseRequest;
  /** Name of the reporter's key. */
  readonly caller: string;
  readonly now: number;
}): Promise<LeaseReply> {
  const { store, desk, request, caller, now } = input;
  const holder = `${caller} ${request.holder}`;
  const wanted = new Map<string, readonly Wanted[]>();
  const words = new Map<string, readonly UpstreamWord[]>();
  for (const { bucketId } of request.asks)
    if (!wanted.has(bucketId)) wanted.set(bucketId, await wantedHere(input, bucketId));
  for (const to of new Set([...wanted.values()].flat().flatMap(({ from }) => from?.source ?? [])))
    words.set(to, await upstreamWords(store.settings, to, now));
  return leaseReply(request.asks, desk, (ask) => {
    const one = wanted
      .get(ask.bucketId)
      ?.find(({ demandId, type }) => demandId === ask.demandId && type === ask.type);
    const said = words.get(one?.from?.source ?? '')?.find((word) => isAbout(word, ask));
    return { ...termsOf(ask, one, said, input), holder };
  });
}

async function wantedHere(
  {
    store,
    siteDefault = DEFAULT_SITE_DEMAND,
    policy,
    programs,
    to,
    now,
  }: Parameters<typeof answerReporterLeases>[0],
  bucketId: string,
): Promise<readonly Wanted[]> {
  const row = await store.queries.bucket(bucketId);
  if (!row) return [];
  const [{ rows }, heard, quotas] = await Promise.all([
    store.queries.entries({ bucketId, limit: 1000 }),
    store.demands.list(),
    store.quotas.list(bucketId),
  ]);
  const demands = withStanding(heard, { policy, to, now });
  const holdings = countHoldings(rows);
  return wantedOfBucket({
    bucket: row.bucket,
    siteDefault,
    holdings,
    demands,
    quotas,
    policy,
    programs,
    now,
  });
}

function isAbout(word: UpstreamWord, { demandId, bucketId, type }: LeaseAsk): boolean {
  return word.demandId === demandId && word.bucketId === bucketId && word.type === type;
}

function termsOf(
  { bucketId, type, for: purpose, fence }: LeaseAsk,
  wanted: Wanted | undefined,
  word: UpstreamWord | undefined,
  { desk, now }: Pick<Parameters<typeof answerReporterLeases>[0], 'desk' | 'now'>,
): Omit<LeaseTerms, 'holder'> {
  const { least, ...life } = LIVES[purpose];
  // What is collected already is no matter of who may collect.
  const bound = isCollectedUnderLease(type) && word && (word.may || purpose === 'collect') ? word : undefined;
  const within = bound && (bound.may ? bound.until - now : 0);
  const isWordless = purpose === 'collect' && wanted?.from !== undefined && !word;
  return {
    slot: siteSlot(purpose, bucketId, type),
    places: wanted ? 1 : 0,
    taken: purpose === 'collect' ? desk.leasedOut(siteSlot('deliver', bucketId, type)) : 0,
    fence,
    life: {
      ...life,
      least: isWordless ? WORDLESS_MS : least,
      ...(within === undefined ? {} : { within }),
    },
  };
}
