/**
 * What an administrator has to know before saying yes to a demand: who asks, why, for what, and what would happen.
 * @module
 */
import { type EntryPart, informationType } from '@fr/protocol';
import { termsHash } from '@fr/protocol/signature';
import { ServerError } from '@fr/server';
import type { BucketRow, StoredDemand } from '@fr/store';
import {
  asksAbout,
  type DecisionInput,
  decide,
  demandStanding,
  mayOffer,
  policyRule,
  printConditions,
} from '@fr/sync';
import type { Site } from '../site/site.ts';
import { decisionContext } from './decision-context.ts';

/** Buckets and entries that are looked at; what is beyond is said to be. */
const LOOKED_AT = 1_000;

/** The sheet of one demand, as plain JSON. */
export async function approvalSheet(site: Site, id: string, now: number): Promise<object> {
  const stored = (await site.store.demands.list()).find(({ demand }) => demand.terms.id === id);
  if (!stored)
    throw new ServerError('not-found', 404, `there is no demand "${id}" here; \`demands\` lists them`);
  const { terms } = stored.demand;
  const { policy } = site.policy;
  const { state, reason: why } = demandStanding({ stored, policy, now });
  const { rows, more } = await matchingBuckets(site, stored);
  return {
    demandId: id,
    state,
    why,
    source: stored.source,
    author: terms.author,
    reason: terms.reason,
    pattern: terms.pattern,
    when: printConditions(terms.when),
    each: terms.each,
    until: terms.until,
    version: terms.version,
    seen: termsHash(terms),
    ...(stored.approval ? { approval: stored.approval } : {}),
    types: terms.types.map(({ type, count }) => typeLine(site, stored, rows, type, count)),
    buckets: { count: rows.length, more, hits: rows.reduce((sum, { hits }) => sum + hits, 0) },
    held: await heldNow(site, stored, rows, now),
    review: policy.review ?? 'none',
    switches: {
      everything: policy.everything ?? 'on',
      collect: policy.collect ?? 'on',
      send: policy.send ?? 'on',
    },
  };
}

/** Buckets here that the demand speaks of, and that may be named to whoever asks. */
async function matchingBuckets(
  site: Site,
  { demand, source }: StoredDemand,
): Promise<{ readonly rows: readonly BucketRow[]; readonly more: boolean }> {
  const programs = site.settings.upstream?.programs ?? [];
  const page = await site.store.queries.buckets({ limit: LOOKED_AT });
  const rows = page.rows.filter(
    ({ bucket }) =>
      asksAbout(demand.terms, { bucket }) && mayOffer(site.policy.policy, bucket.program, source, programs),
  );
  return { rows, more: page.next !== undefined };
}

/** What the policy says to a type in the buckets there are, or in whatever the pattern may mean where there are none. */
function typeLine(
  site: Site,
  stored: StoredDemand,
  rows: readonly BucketRow[],
  type: string,
  count: number,
): object {
  const { policy } = site.policy;
  const bucket = { program: '*', programVersion: '*', module: '*', moduleVersion: '*', location: '*' };
  const asked = rows.length > 0 ? rows.map((row) => row.bucket) : [bucket];
  const rulings = asked.map((each) => policyRule(policy, { bucket: each, type, destination: stored.source }));
  const actions = [...new Set(rulings.map(({ action }) => action))];
  const rules = [...new Set(rulings.map(({ rule }) => rule))];
  const cap = informationType(type)?.cap;
  return { type, count, actions, rules, ...(cap === undefined ? {} : { cap }) };
}

/** Entries held here that would leave with the next pass if the demand were approved as it is. */
async function heldNow(
  site: Site,
  stored: StoredDemand,
  rows: readonly BucketRow[],
  now: number,
): Promise<object> {
  const context = await decisionContext(site, now);
  const approved = { ...stored, approval: yes(stored, now) };
  const input: Omit<DecisionInput, 'entry'> = { ...context, to: stored.source, demands: [approved] };
  const leaving: (readonly EntryPart[])[] = [];
  for (const { bucketId } of rows) {
    const held = await site.store.queries.entries({ bucketId, limit: LOOKED_AT });
    for (const { entryId, state } of held.rows) {
      const parts = state === 'pending' ? await partsThatWouldLeave(site, entryId, input) : undefined;
      if (parts) leaving.push(parts);
    }
  }
  const parts = leaving.flat();
  return {
    entries: leaving.length,
    bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
    types: [...new Set(parts.map(({ type }) => type))],
  };
}

async function partsThatWouldLeave(
  site: Site,
  entryId: string,
  input: Omit<DecisionInput, 'entry'>,
): Promise<readonly EntryPart[] | undefined> {
  const content = await site.store.entries.read(entryId).catch(() => undefined);
  if (!content) return undefined;
  const { verdict, gate, types } = decide({ ...input, entry: content.entry });
  if (verdict !== 'upload' && gate !== 'review') return undefined;
  return content.entry.header.parts.filter(({ type }) => types.includes(type));
}

function yes({ demand }: StoredDemand, at: number): NonNullable<StoredDemand['approval']> {
  return { decision: 'approved', termsHash: termsHash(demand.terms), by: 'you', at };
}
