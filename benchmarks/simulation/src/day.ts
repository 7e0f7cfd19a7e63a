/**
 * A day without faults: sites count crashes and pass every few minutes to one vendor, with the real pass, the real answers
 * and the real messages; then what went from sites to the vendor, beside every crash sent as an event.
 *
 *     node src/day.ts [--sites 100] [--buckets 1000] [--crashes 1000000] [--every 5] [--counts 15]
 */
import { parseArgs } from 'node:util';
import { describePart, type PartContent } from '@fr/protocol';
import { uuidv7 } from '@fr/protocol/ids';
import { createDemand, DEFAULT_POLICY, runPass } from '@fr/sync';
import { DaySite } from './day/day-site.ts';
import { DayVendor, type Traffic } from './day/day-vendor.ts';
import { bucketAt, zipf } from './day/drawing.ts';
import { createRandom } from './random.ts';

const { values } = parseArgs({
  options: {
    sites: { type: 'string', default: '100' },
    buckets: { type: 'string', default: '1000' },
    crashes: { type: 'string', default: '1000000' },
    every: { type: 'string', default: '5' },
    counts: { type: 'string', default: '15' },
  },
});
const [sites, buckets, crashes, every, counts] = [
  values.sites,
  values.buckets,
  values.crashes,
  values.every,
  values.counts,
].map(Number) as [number, number, number, number, number];

/** A lean event of another product, gzipped; an assumption, stated wherever it is used. */
const EVENT_BYTES = 2_230;
/** Request line and headers of one request of ours: route, host, token (68 characters), types, length, what fetch adds. */
const HTTP_BYTES = 350;
const DAY_MINUTES = 24 * 60;
const TO = 'https://vendor.example';
const random = createRandom(1);

let clock = 1_800_000_000_000;
const vendor = new DayVendor(() => clock);
const names = Array.from({ length: sites }, () => uuidv7({ now: () => clock, random: random.bytes }));
const all = names.map((name) => new DaySite(name));
const places = Array.from({ length: buckets }, (_, place) => bucketAt(place));
const draw = zipf(buckets, random);
await createDemand({
  pattern: { program: 'shop*' },
  types: [{ type: 'environment', count: 1 }],
  each: 'bucket',
  reason: 'one environment of every fault',
  author: 'vendor',
  key: vendor.key,
  store: vendor,
  now: clock,
  id: 'd-environment',
});
const windows = DAY_MINUTES / every;
let counted = 0;
for (let window = 1; window <= windows; window++) {
  for (const until = Math.round((crashes * window) / windows); counted < until; counted++) crash();
  for (const [place, store] of all.entries()) await pass(names[place] ?? '', store);
  clock += every * 60_000;
}
print(vendor.traffic);

function crash(): void {
  const place = places[draw()];
  const site = all[random.below(sites)];
  if (!place || !site?.count(place.id, place.bucket)) return;
  // The first failure of a bucket brings an entry to its site, as the site's own default asks.
  const entryId = uuidv7({ now: () => clock, random: random.bytes });
  const parts = [partOf('stack', 1_500), partOf('environment', 900)];
  const head = { entryId, reportId: entryId, bucket: place.bucket, outcome: 'fatal', at: clock } as const;
  site.keep({ ...head, demands: ['site-default'], parts: parts.map(({ part }) => part) }, parts);
}

async function pass(name: string, store: DaySite): Promise<void> {
  const { failure } = await runPass({
    store,
    destination: vendor.destination(name),
    policy: DEFAULT_POLICY,
    ledger: store.ledger,
    programs: ['shop*'],
    pinned: vendor.key.keyId,
    to: TO,
    now: () => clock,
    random: random.next,
    countsEveryMs: counts * 60_000,
  });
  if (failure) throw new Error(failure.message);
}

function partOf(type: string, bytes: number): PartContent {
  const content = random.bytes(new Uint8Array(bytes));
  return { part: describePart(type, 'application/json', content), content };
}

function print(traffic: Traffic): void {
  const samples = traffic.headerBytes + traffic.payloadBytes;
  const bodies = traffic.offerBytes + traffic.leaseBytes + samples;
  const total = bodies + traffic.requests * HTTP_BYTES;
  const event = crashes * EVENT_BYTES;
  const row = (what: string, bytes: number): string =>
    `${what.padEnd(52)} ${String(bytes).padStart(13)} ${(bytes / crashes).toFixed(2).padStart(9)}`;
  const lines = [
    `${sites} sites, ${buckets} buckets, ${crashes} crashes (Zipf), a pass every ${every} min, counts every ${counts}, a day`,
    `${'from sites to the vendor'.padEnd(52)} ${'bytes'.padStart(13)} ${'per crash'.padStart(9)}`,
    row(`every crash an event of ${EVENT_BYTES} B`, event),
    row(
      `offers (${traffic.offers}, ${traffic.changes} changed buckets, ${traffic.full} in full)`,
      traffic.offerBytes,
    ),
    row('requests for leases', traffic.leaseBytes),
    row(`samples asked for (${traffic.entries})`, samples),
    row('bodies together', bodies),
    row(`HTTP headers, ${HTTP_BYTES} B × ${traffic.requests} requests (estimate)`, total - bodies),
    row('all together', total),
    `times fewer: ${(event / bodies).toFixed(1)} by bodies; with HTTP headers on our side alone ${(event / total).toFixed(1)}, on both ${((event + crashes * HTTP_BYTES) / total).toFixed(1)}`,
    `per changed bucket and window: ${(traffic.offerBytes / traffic.changes).toFixed(1)} B`,
    `accepted above what was asked: ${vendor.aboveAsked}; refused on arrival: ${traffic.refused}; hits at the vendor: ${vendor.total}`,
    `replies from the vendor: ${traffic.replyBytes} B`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
