/**
 * A day without faults: sites count crashes and pass every few minutes to one vendor, with the real pass, the real answers
 * and the real messages.
 * @module
 */
import { describePart, type PartContent } from '@fr/protocol';
import { uuidv7 } from '@fr/protocol/ids';
import { createDemand, DEFAULT_POLICY, runPass } from '@fr/sync';
import { DaySite } from './day-site.ts';
import { DayVendor, type Traffic } from './day-vendor.ts';
import { bucketAt, zipf } from './drawing.ts';
import { createRandom, type Random } from './random.ts';

/** The size of a day. */
export interface DayOptions {
  readonly sites: number;
  readonly buckets: number;
  readonly crashes: number;
  /** Minutes between passes, and those for which counts wait. */
  readonly every: number;
  readonly counts: number;
}

/** What went from sites to the vendor, and what it made of that. */
export interface Day {
  readonly traffic: Traffic;
  readonly aboveAsked: number;
  /** Hits the vendor knows of in the end. */
  readonly hits: number;
}

const DAY_MINUTES = 24 * 60;
const TO = 'https://vendor.example';

/** Runs one day. The vendor wants its default of every bucket, a stack, and an environment besides. */
export async function runDay({ sites, buckets, crashes, every, counts }: DayOptions): Promise<Day> {
  const random = createRandom(1);
  let clock = 1_800_000_000_000;
  const now = (): number => clock;
  const vendor = new DayVendor(now);
  const all = Array.from({ length: sites }, () => {
    const name = uuidv7({ now, random: random.bytes });
    return { name, store: new DaySite(name) };
  });
  const places = Array.from({ length: buckets }, (_, place) => bucketAt(place));
  const draw = zipf(buckets, random);
  await wantEnvironments(vendor);
  const windows = Math.round(DAY_MINUTES / every);
  let counted = 0;
  for (let window = 1; window <= windows; window++) {
    for (const until = Math.round((crashes * window) / windows); counted < until; counted++) {
      const place = places[draw()];
      const site = all[random.below(sites)];
      if (place && site?.store.count(place.id, place.bucket)) keepEntry(site.store, place, random, now);
    }
    // The last one tells what is left, as the first of the next day would.
    const countsEveryMs = window === windows ? 0 : counts * 60_000;
    for (const { name, store } of all) {
      const { failure } = await runPass({
        ...{ store, ledger: store.ledger, destination: vendor.destination(name), policy: DEFAULT_POLICY },
        ...{ programs: ['shop*'], pinned: vendor.key.keyId, to: TO, now, random: random.next, countsEveryMs },
      });
      if (failure) throw new Error(failure.message);
    }
    clock += every * 60_000;
  }
  return { traffic: vendor.traffic, aboveAsked: vendor.aboveAsked, hits: vendor.total };
}

async function wantEnvironments(vendor: DayVendor): Promise<void> {
  await createDemand({
    pattern: { program: 'shop*' },
    types: [{ type: 'environment', count: 1 }],
    each: 'bucket',
    reason: 'one environment of every fault',
    author: 'vendor',
    key: vendor.key,
    store: vendor,
    now: vendor.now(),
    id: 'd-environment',
  });
}

/** The first failure of a bucket brings an entry to its site, as the site's own default asks. */
function keepEntry(
  site: DaySite,
  { bucket }: ReturnType<typeof bucketAt>,
  random: Random,
  now: () => number,
): void {
  const entryId = uuidv7({ now, random: random.bytes });
  const parts = [partOf('stack', 1_500, random), partOf('environment', 900, random)];
  const head = { entryId, reportId: entryId, bucket, outcome: 'fatal', at: now() } as const;
  site.keep({ ...head, demands: ['site-default'], parts: parts.map(({ part }) => part) }, parts);
}

function partOf(type: string, bytes: number, random: Random): PartContent {
  const content = random.bytes(new Uint8Array(bytes));
  return { part: describePart(type, 'application/json', content), content };
}
