/**
 * What the counters of a day of 100 sites, 1,000 buckets and 1,000,000 crashes (Zipf) cost by the length of the window, as
 * offers are written now and as they could be. Offers only, at the full size: no passes are run.
 *
 *     node src/windows.ts
 */
import { gzipSync } from 'node:zlib';
import { type OfferedBucket, PROTOCOL_VERSION } from '@fr/protocol';
import { encodeMessage } from '@fr/protocol/wire';
import { bucketAt, zipf } from './day/drawing.ts';
import { createRandom } from './random.ts';

const [SITES, BUCKETS, CRASHES, DAY_MINUTES, HTTP_BYTES, EVENT_BYTES] = [
  100, 1_000, 1_000_000, 1_440, 350, 2_230,
];
const places = Array.from({ length: BUCKETS }, (_, place) => bucketAt(place));
const origin = { id: '01920000-0000-7000-8000-000000000001', epoch: 1_800_000_000_000 };

for (const minutes of [5, 15, 60, 240, 1_440]) {
  const sums = count(minutes);
  const headers = (HTTP_BYTES * SITES * DAY_MINUTES) / minutes;
  process.stdout.write(`a window of ${minutes} min: ${sums.changes} changed buckets, HTTP ${headers} B\n`);
  for (const [way, bytes] of Object.entries(sums.ways)) {
    const each = (bytes / sums.changes).toFixed(1);
    const fewer = ((CRASHES * EVENT_BYTES) / (bytes + headers)).toFixed(0);
    process.stdout.write(
      `  ${way.padEnd(22)} ${bytes} B, ${each} B each, ${fewer} times fewer with headers\n`,
    );
  }
}

function count(minutes: number): { changes: number; ways: Record<string, number> } {
  const random = createRandom(1);
  const draw = zipf(BUCKETS, random);
  const totals = Array.from({ length: SITES }, () => new Map<number, number>());
  const ways = { 'as it is': 0, 'as it is, gzip': 0, 'by 16 bytes of id': 0, 'by a number': 0 };
  let changes = 0;
  for (let minute = minutes; minute <= DAY_MINUTES; minute += minutes) {
    const changed = totals.map(() => new Set<number>());
    for (let crash = 0; crash < (CRASHES * minutes) / DAY_MINUTES; crash++) {
      const [site, bucket] = [random.below(SITES), draw()];
      totals[site]?.set(bucket, (totals[site]?.get(bucket) ?? 0) + 1);
      changed[site]?.add(bucket);
    }
    for (const [site, ranks] of changed.entries()) {
      changes += ranks.size;
      const told = [...ranks].map((rank) => ({ rank, hits: totals[site]?.get(rank) ?? 0 }));
      add(ways, told);
    }
  }
  return { changes, ways };
}

function add(
  ways: { 'as it is': number; 'as it is, gzip': number; 'by 16 bytes of id': number; 'by a number': number },
  told: readonly { readonly rank: number; readonly hits: number }[],
): void {
  const buckets = told.flatMap(({ rank, hits }): OfferedBucket[] => {
    const place = places[rank];
    return place ? [{ bucket: place.bucket, hits, holds: [] }] : [];
  });
  const body = encodeMessage({ protocol: PROTOCOL_VERSION, origin, buckets }, 'msgpack');
  ways['as it is'] += body.byteLength;
  ways['as it is, gzip'] += gzipSync(body, { level: 6 }).byteLength;
  const byId = told.map(({ rank, hits }) => [new Uint8Array(16).fill(rank), hits]);
  ways['by 16 bytes of id'] += encodeMessage({ protocol: 1, origin, known: byId }, 'msgpack').byteLength;
  const byNumber = told.flatMap(({ rank, hits }) => [rank, hits]);
  ways['by a number'] += encodeMessage({ protocol: 1, origin, known: byNumber }, 'msgpack').byteLength;
}
