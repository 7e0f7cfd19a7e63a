/**
 * Measures what a hit costs, in one run, each contender in turn with the limit it is measured by.
 *
 *     pnpm --filter @fr/ingest-benchmark measure [--quick] [--only library|http|held|start] [--in DIR]
 *
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { heldOverHttp, overHttp } from './over-http.ts';
import { startUp } from './start-up.ts';
import { throughLibrary } from './through-library.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    in: { type: 'string', default: tmpdir() },
  },
});
const { quick, only } = values;

const PARTS = {
  library: (folder: string) =>
    throughLibrary(folder, quick ? { rounds: 3, hits: 100_000 } : { rounds: 7, hits: 200_000 }),
  http: (folder: string) =>
    overHttp(
      folder,
      quick ? { warmMs: 10_000, rounds: 3, roundMs: 3_000 } : { warmMs: 20_000, rounds: 7, roundMs: 5_000 },
    ),
  held: (folder: string) =>
    heldOverHttp(folder, quick ? { warmMs: 10_000, holdMs: 10_000 } : { warmMs: 20_000, holdMs: 60_000 }),
  start: (folder: string) =>
    startUp(
      folder,
      quick
        ? { buckets: 100_000, entries: 10_000, rounds: 3 }
        : { buckets: 1_000_000, entries: 100_000, rounds: 5 },
    ),
};

const folder = mkdtempSync(join(values.in, 'fr-ingest-'));
try {
  for (const [name, part] of Object.entries(PARTS)) {
    if (only !== '' && only !== name) continue;
    process.stdout.write(`\n${name}, Node ${process.version}\n${(await part(folder)).join('\n')}\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
