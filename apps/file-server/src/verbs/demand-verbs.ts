import { matchesBucket, type SignedDemand } from '@fr/protocol';
import { termsHash } from '@fr/protocol/signature';
import {
  flagParam,
  listParam,
  neededParam,
  type Params,
  ServerError,
  textParam,
  type Verb,
} from '@fr/server';
import type { BucketRow, StoredDemand } from '@fr/store';
import { demandStanding, printConditions, withStanding } from '@fr/sync';
import type { Site } from '../site/site.ts';
import { approvalSheet } from './approval-sheet.ts';

/** `demands`, `approval`, `approve`, `deny`: what the vendor asks, what saying yes would mean, and the administrator's word on it. */
export function demandVerbs(site: Site, now: () => number): readonly Verb[] {
  return [
    { name: 'demands', acts: false, run: () => listDemands(site, now()) },
    {
      name: 'approval',
      acts: false,
      run: (params) => approvalSheet(site, neededParam(params, 'id'), now()),
    },
    { name: 'approve', acts: true, run: (params) => decideDemands(site, params, 'approved', now()) },
    { name: 'deny', acts: true, run: (params) => decideDemands(site, params, 'denied', now()) },
  ];
}

/** A demand with where it stands here. */
export function printDemand(site: Site, stored: StoredDemand, now: number): object {
  const { terms } = stored.demand;
  const { state, reason: why } = demandStanding({ stored, policy: site.policy.policy, now });
  const { id, pattern, when, types, each, until, reason, author, version } = terms;
  const approval = stored.approval === undefined ? {} : { approval: stored.approval };
  return {
    demandId: id,
    state,
    why,
    pattern,
    ...(when ? { when: printConditions(when) } : {}),
    types,
    each,
    until,
    reason,
    author,
    version,
    source: stored.source,
    seenAt: stored.seenAt,
    ...approval,
  };
}

async function listDemands(site: Site, now: number): Promise<unknown> {
  return (await allDemands(site, now)).map((stored) => printDemand(site, stored, now));
}

/** Those of the vendor, and those that the policy says the site sends by itself. */
async function allDemands({ store, policy, settings }: Site, now: number): Promise<readonly StoredDemand[]> {
  const to = settings.upstream && new URL(settings.upstream.url).origin;
  return withStanding(await store.demands.list(), { policy: policy.policy, to, now });
}

async function decideDemands(
  site: Site,
  params: Params,
  decision: 'approved' | 'denied',
  now: number,
): Promise<unknown> {
  const chosen = await chooseDemands(site, params, now);
  const by = textParam(params, 'by') ?? 'administrator';
  const seen = textParam(params, 'seen');
  for (const { demand } of chosen) checkSeen(demand, seen);
  for (const { demand } of chosen) {
    await site.store.demands.decide(demand.terms.id, {
      decision,
      termsHash: termsHash(demand.terms),
      by,
      at: now,
    });
  }
  const ids = new Set(chosen.map(({ demand }) => demand.terms.id));
  return (await site.store.demands.list())
    .filter(({ demand }) => ids.has(demand.terms.id))
    .map((stored) => printDemand(site, stored, now));
}

/** Who names what he has read decides on that and nothing else. */
function checkSeen({ terms }: SignedDemand, seen: string | undefined): void {
  if (seen === undefined || (seen.length >= 8 && termsHash(terms).startsWith(seen))) return;
  const how = `look again: \`approve ${terms.id} --show\``;
  throw new ServerError(
    'conflict',
    409,
    `the demand "${terms.id}" is not what you have seen any more; ${how}`,
  );
}

async function chooseDemands(site: Site, params: Params, now: number): Promise<readonly StoredDemand[]> {
  const all = await site.store.demands.list();
  const waiting = all.filter(
    (stored) => demandStanding({ stored, policy: site.policy.policy, now }).state === 'waiting',
  );
  if (flagParam(params, 'all')) return waiting;
  const ids = listParam(params, 'ids');
  if (ids.length === 0)
    throw new ServerError(
      'malformed',
      400,
      'name the demands by id, or use --all for every one that waits; `demands` lists them',
    );
  return ids.map((id) => {
    const stored = all.find(({ demand }) => demand.terms.id === id);
    if (!stored)
      throw new ServerError('not-found', 404, `there is no demand "${id}" here; \`demands\` lists them`);
    const { state } = demandStanding({ stored, policy: site.policy.policy, now });
    if (state === 'closed' || state === 'expired')
      throw new ServerError(
        'conflict',
        409,
        `the demand "${id}" is ${state}: there is nothing to decide any more`,
      );
    return stored;
  });
}

/** Demands that speak of a bucket, for `show`. */
export async function demandsOf(site: Site, row: BucketRow, now: number): Promise<readonly object[]> {
  const all = await allDemands(site, now);
  return all
    .filter(({ demand }) => matchesBucket(demand.terms.pattern, row.bucket))
    .map((stored) => printDemand(site, stored, now));
}
