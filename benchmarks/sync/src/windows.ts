/**
 * What the counters of a day of 100 sites, 1,000 buckets and 1,000,000 crashes (Zipf) cost by the length of the window: as
 * sites write offers, each bucket in full once and by its number from then on, and beside it in full every time. Offers as
 * they are sent, columns and compression included, at the full size; no passes are run, nothing is held.
 *
 *     node src/windows.ts
 */
import { type Offer, type OfferedBucket, offerColumns, PROTOCOL_VERSION } from '@fr/protocol';
import { compress, encodeMessage } from '@fr/protocol/wire';
import { bucketAt, zipf } from './day/drawing.ts';
import { createRandom } from './day/random.ts';

const [SITES, BUCKETS, CRASHES, DAY_MINUTES, HTTP_BYTES, EVENT_BYTES] = [
  100, 1_000, 1_000_000, 1_440, 350, 2_230,
];
const places = Array.from({ length: BUCKETS }, (_, place) => bucketAt(place));
const around = {
  protocol: PROTOCOL_VERSION,
  origin: { id: '01920000-0000-7000-8000-000000000001', epoch: 1_800_000_000_000 },
  mark: { cursor: 1_000_000, nonce: 3_000_000_000 },
  after: [3_000_000_001],
  table: 3_000_000_002,
  tag: 'AAAAAAAAAAAAAAAA',
};

/** What one site has counted, and the numbers it has given. */
interface Site {
  readonly totals: Map<number, number>;
  readonly numbers: Map<number, number>;
  readonly changed: Set<number>;
}

for (const minutes of [5, 15, 60, 240, 1_440]) {
  const { changes, ways } = day(minutes);
  const headers = (HTTP_BYTES * SITES * DAY_MINUTES) / minutes;
  process.stdout.write(`a window of ${minutes} min: ${changes} changed buckets, HTTP ${headers} B\n`);
  for (const [way, bytes] of Object.entries(ways)) {
    const each = (bytes / changes).toFixed(1);
    const fewer = ((CRASHES * EVENT_BYTES) / (bytes + headers)).toFixed(0);
    process.stdout.write(
      `  ${way.padEnd(24)} ${bytes} B, ${each} B each, ${fewer} times fewer with headers\n`,
    );
  }
}

function day(minutes: number): { changes: number; ways: Record<string, number> } {
  const random = createRandom(1);
  const draw = zipf(BUCKETS, random);
  const sites = Array.from(
    { length: SITES },
    (): Site => ({ totals: new Map(), numbers: new Map(), changed: new Set() }),
  );
  const ways = { 'as sites write them': 0, 'in full every time': 0 };
  let [changes, counted] = [0, 0];
  for (let minute = minutes; minute <= DAY_MINUTES; minute += minutes) {
    for (const until = Math.round((CRASHES * minute) / DAY_MINUTES); counted < until; counted++)
      crash(sites[random.below(SITES)], draw());
    for (const site of sites) {
      changes += site.changed.size;
      ways['in full every time'] += sizeOf({ ...around, buckets: inFull(site.totals, [...site.changed]) });
      ways['as sites write them'] += sizeOf(offerOf(site));
      site.changed.clear();
    }
  }
  return { changes, ways };
}

function crash(site: Site | undefined, rank: number): void {
  site?.totals.set(rank, (site.totals.get(rank) ?? 0) + 1);
  site?.changed.add(rank);
}

/** What changed, by number where one was given. Gives numbers to the rest. */
function offerOf(site: Site): Offer {
  const fresh = [...site.changed].filter((rank) => !site.numbers.has(rank));
  const numbered = [...site.changed].flatMap((rank) => {
    const number = site.numbers.get(rank);
    return number === undefined ? [] : [{ number, hits: site.totals.get(rank) ?? 0 }];
  });
  const first = site.numbers.size + 1;
  for (const rank of fresh) site.numbers.set(rank, site.numbers.size + 1);
  const buckets = inFull(site.totals, fresh).map((one, place) => ({ ...one, number: first + place }));
  return { ...around, buckets, numbered };
}

function inFull(totals: Site['totals'], ranks: readonly number[]): readonly OfferedBucket[] {
  return ranks.flatMap((rank) => {
    const place = places[rank];
    return place ? [{ bucket: place.bucket, hits: totals.get(rank) ?? 0, holds: [] }] : [];
  });
}

function sizeOf(offer: Offer): number {
  return compress(encodeMessage(offerColumns(offer), 'msgpack')).bytes.byteLength;
}
