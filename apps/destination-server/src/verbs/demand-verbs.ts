import type { Bucket } from '@fr/bucket';
import { type DemandConditions, matchesBucket, type TypeCount } from '@fr/protocol';
import {
  listParam,
  neededParam,
  numberParam,
  type Params,
  ServerError,
  textParam,
  type Verb,
} from '@fr/server';
import type { CreditCount, StoredDemand } from '@fr/store';
import { createDemand, parseConditions, printConditions, SyncError, withdrawDemand } from '@fr/sync';
import { patternOf } from '../vendor/target-pattern.ts';
import type { Vendor } from '../vendor/vendor.ts';

/** `demands`, `demand`, `withdraw`: what this vendor still needs. */
export function demandVerbs(vendor: Vendor, now: () => number): readonly Verb[] {
  return [
    { name: 'demands', acts: false, run: () => listDemands(vendor, now()) },
    { name: 'demand', acts: true, run: (params) => demand(vendor, params, now()) },
    { name: 'withdraw', acts: true, run: (params) => withdraw(vendor, neededParam(params, 'id'), now()) },
  ];
}

async function listDemands(vendor: Vendor, now: number): Promise<unknown> {
  const credits = await vendor.store.demands.credits();
  return (await vendor.store.demands.list()).map((stored) => printDemand(stored, credits, now));
}

/** A demand with how much of it has come. */
export function printDemand(stored: StoredDemand, credits: readonly CreditCount[], now: number): object {
  const { id, pattern, when, types, each, until, reason, author, version } = stored.demand.terms;
  const state = stored.closedAt !== undefined ? 'closed' : until <= now ? 'expired' : 'open';
  const mine = credits.filter(({ demandId }) => demandId === id);
  const accepted = types.map(({ type }) => ({
    type,
    count: mine.filter((credit) => credit.type === type).reduce((sum, credit) => sum + credit.accepted, 0),
  }));
  const closed = stored.closedAt === undefined ? {} : { closedAt: stored.closedAt };
  return {
    demandId: id,
    state,
    pattern,
    ...(when ? { when: printConditions(when) } : {}),
    types,
    accepted,
    each,
    until,
    reason,
    author,
    version,
    ...closed,
  };
}

async function demand(vendor: Vendor, params: Params, now: number): Promise<unknown> {
  const stored = await createDemand({
    pattern: await patternOf(vendor.store.queries, params),
    when: conditionsOf(params),
    types: typesOf(params),
    reason: textParam(params, 'reason') ?? '',
    author: textParam(params, 'author') ?? 'vendor',
    until: numberParam(params, 'until'),
    key: vendor.key,
    store: vendor.store,
    now,
  }).catch((error: unknown) => {
    if (!(error instanceof SyncError)) throw error;
    throw new ServerError('malformed', 400, `this demand cannot be made: ${error.message}`, { cause: error });
  });
  return printDemand(stored, [], now);
}

function conditionsOf(params: Params): DemandConditions | undefined {
  const read = parseConditions(listParam(params, 'when'));
  if ('problem' in read) throw new ServerError('malformed', 400, read.problem);
  return read.when;
}

function typesOf(params: Params): readonly TypeCount[] {
  const count = numberParam(params, 'count') ?? 1;
  return listParam(params, 'types').map((type) => ({ type, count }));
}

async function withdraw(vendor: Vendor, id: string, now: number): Promise<unknown> {
  if (await withdrawDemand({ id, store: vendor.store, now })) return { demandId: id, state: 'closed' };
  throw new ServerError(
    'not-found',
    404,
    `there is no open demand "${id.slice(0, 80)}"; \`demands\` lists them`,
  );
}

/** Demands that speak of a bucket, for `show`. */
export async function demandsOf(vendor: Vendor, bucket: Bucket, now: number): Promise<readonly object[]> {
  const [all, credits] = await Promise.all([vendor.store.demands.list(), vendor.store.demands.credits()]);
  return all
    .filter(({ demand: { terms } }) => matchesBucket(terms.pattern, bucket))
    .map((stored) => printDemand(stored, credits, now));
}
