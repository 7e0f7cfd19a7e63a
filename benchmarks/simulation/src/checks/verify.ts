/**
 * What must hold when everything has come to rest.
 * @module
 */
import { bucketId } from '@fr/bucket';
import { type EntryHeader, matchesBucket } from '@fr/protocol';
import { type CreditCount, ledgerSums, type StoredDemand } from '@fr/sync';
import { BUCKETS, LISTED } from '../actors/catalog.ts';
import type { Reporter } from '../actors/reporter.ts';
import type { Site, Surroundings } from '../actors/site.ts';

/** Figures of a run. */
export interface Verdicts {
  /** Occurrences counted at sites, and how many of them the vendor cannot know of. */
  readonly hits: number;
  readonly voided: number;
  readonly entriesAtVendor: number;
  readonly demands: number;
  readonly wireBytes: number;
}

interface Rest extends Surroundings {
  readonly sites: readonly Site[];
  readonly reporters: readonly Reporter[];
}

export async function verify(rest: Rest): Promise<Verdicts> {
  const { vendor, watch } = rest;
  checkReporters(rest);
  const voided = await checkTotals(rest);
  watch.checkLedgers();
  await checkLedgerSums(rest);
  await checkArrivals(rest);
  await checkSamples(rest);
  const { store } = vendor.disk;
  let entriesAtVendor = 0;
  for await (const _ of store.entries.pending()) entriesAtVendor += 1;
  const hits = [...watch.counted.values()].reduce((sum, count) => sum + count, 0);
  const demands = (await store.demands.list()).length;
  return { hits, voided, entriesAtVendor, demands, wireBytes: watch.wireBytes };
}

/** Every failure has been settled, and counted once. */
function checkReporters({ world, reporters, sites }: Rest): void {
  for (const { machine, spool } of reporters)
    if (spool.size > 0) world.fail(`${machine.name}: ${spool.size} failures are still in its spool`);
  for (const site of sites) {
    for (const bucket of BUCKETS) {
      const id = bucketId(bucket);
      const happened = reporters
        .filter((reporter) => reporter.site === site)
        .reduce((sum, reporter) => sum + (reporter.happened.get(id) ?? 0), 0);
      const counted = site.disk.counted.get(id) ?? 0;
      if (!site.disturbed && counted !== happened)
        world.fail(
          `${site.machine.name}: ${happened} failures of ${bucket.location}, ${counted} were counted`,
        );
    }
  }
}

/** The vendor's totals are those of the sites, apart from what was voided with a disk. */
async function checkTotals({ world, watch, vendor }: Rest): Promise<number> {
  let sum = 0;
  for (const bucket of BUCKETS) {
    const id = bucketId(bucket);
    const held = (await vendor.disk.store.queries.bucket(id))?.hits ?? 0;
    const counted = LISTED.includes(bucket.program) ? (watch.counted.get(id) ?? 0) : 0;
    const voided = watch.voided.get(id) ?? 0;
    sum += voided;
    if (held > counted) world.fail(`vendor: ${held} hits of ${bucket.location}, ${counted} were counted`);
    if (held < counted - voided)
      world.fail(
        `vendor: ${held} hits of ${bucket.location}, ${counted} were counted and only ${voided} voided`,
      );
  }
  return sum;
}

/** The sums people are shown are those of the wire, where no disk was copied. */
async function checkLedgerSums({ world, watch, sites }: Rest): Promise<void> {
  if (sites.some(({ disturbed }) => disturbed)) return;
  let least = 0;
  for (const { disk } of sites) {
    const { total } = await ledgerSums(disk.records);
    least += total.headerBytes + total.payloadBytes;
  }
  if (least < watch.wireBytes)
    world.fail(`the ledgers add up to ${least} bytes, the wire had ${watch.wireBytes}`);
}

/** What a site has marked as uploaded, the vendor has. */
async function checkArrivals({ world, vendor, sites }: Rest): Promise<void> {
  if (vendor.restored) return;
  for (const { machine, disk } of sites) {
    const { rows } = await disk.store.queries.entries({ limit: 1000 });
    for (const { entryId, state } of rows) {
      if (state !== 'uploaded') continue;
      if (!(await vendor.disk.store.entries.read(entryId)))
        world.fail(`${machine.name}: ${entryId} is marked as uploaded, the vendor does not have it`);
    }
  }
}

/** What one demand asks for, in one bucket or as a whole. */
interface Asked {
  readonly stored: StoredDemand;
  readonly type: string;
  readonly scope: string;
  readonly count: number;
  readonly accepted: number;
}

/** No demand has more than it asked for; where it has less, no site holds what could still go. */
async function checkSamples(rest: Rest): Promise<void> {
  const { world, vendor, sites } = rest;
  const { store } = vendor.disk;
  const credits = await store.demands.credits();
  const asked = (await store.demands.list()).flatMap((stored) => askedBy(stored, credits));
  const disturbed = vendor.restored || sites.some((site) => site.disturbed);
  for (const one of asked) {
    const { stored, type, count, accepted } = one;
    const { id, until } = stored.demand.terms;
    if (accepted > count) world.fail(`vendor: ${accepted} of ${count} ${type} for ${id} accepted`);
    const open = stored.closedAt === undefined && until > vendor.machine.now() + 3_600_000;
    if (accepted < count && open && !disturbed) await checkNothingLeft(rest, one);
  }
}

function askedBy(stored: StoredDemand, credits: readonly CreditCount[]): readonly Asked[] {
  const { id, types, each } = stored.demand.terms;
  const scopes = each === 'demand' ? [''] : BUCKETS.map(bucketId);
  return types.flatMap(({ type, count }) =>
    scopes.map((scope) => {
      const credit = credits.find((one) => one.demandId === id && one.scope === scope && one.type === type);
      return { stored, type, scope, count, accepted: credit?.accepted ?? 0 };
    }),
  );
}

async function checkNothingLeft({ world, sites }: Rest, asked: Asked): Promise<void> {
  const { id } = asked.stored.demand.terms;
  for (const { machine, disk, approved, policy } of sites) {
    const { type } = asked;
    const always = type === 'stack' || type === 'environment';
    const allowed = policy.rules.some((rule) => rule.type?.includes(type)) || approved.has(id);
    if (!always && !allowed) continue;
    for await (const { header } of disk.store.entries.pending())
      if (mightGo(header, asked))
        world.fail(
          `${machine.name}: holds ${type} in ${header.entryId}; ${id} has ${asked.accepted} of ${asked.count}`,
        );
  }
}

function mightGo({ bucket, parts }: EntryHeader, { stored, scope, type }: Asked): boolean {
  if (scope !== '' && bucketId(bucket) !== scope) return false;
  if (!LISTED.includes(bucket.program) || !parts.some((part) => part.type === type)) return false;
  return matchesBucket(stored.demand.terms.pattern, bucket);
}
