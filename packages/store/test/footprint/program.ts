/** Measures a million hits in 1,000 buckets, or `HITS BUCKETS`, in a temporary folder; prints a line of JSON. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RESERVE_BYTES } from '@fr/store/embedded';
import { measureFootprint } from './measure.ts';

const [hits = '1000000', buckets = '1000'] = process.argv.slice(2);
const dir = mkdtempSync(join(tmpdir(), 'fr-footprint-'));
try {
  const measured = await measureFootprint(join(dir, 'store'), Number(hits), Number(buckets), {
    restMs: 15_000,
    reserveBytes: RESERVE_BYTES,
  });
  process.stdout.write(`${JSON.stringify(measured)}\n`);
} finally {
  rmSync(dir, { recursive: true, force: true });
}
