/**
 * How long questions take at a site that holds much, each in a process of its own on the folder as a server has left it:
 * `node --conditions=@fr/source src/queries.ts DIR [ROUNDS]` for a folder of `programs/fill.ts`. Every question goes on
 * for three pages, and once more from a place deep in the list.
 * @module
 */
import { bucketId } from '@fr/bucket';
import type { Page, Queries, RowFilter } from '@fr/store';
import { openEmbeddedStore } from '@fr/store/embedded';
import { FILLED_AT } from './filled.ts';
import { bucketNumber, hitOn } from './traffic.ts';

const [dir = '', rounds = '9', journaled = '20000'] = process.argv.slice(2);

const HOUR = 3_600_000;
const FILTERS: Readonly<Record<string, RowFilter>> = {
  nothing: {},
  program: { program: 'program-7' },
  version: { programVersion: '1.3.0' },
  'program, version': { program: 'program-7', programVersion: '1.3.0' },
  module: { module: 'module-123' },
  'text, few': { text: 'file-77777.ts' },
  'text, thousands': { text: 'part-12/' },
  'text, all': { text: 'typeerror' },
  'text, two words': { text: 'module-12 file-99' },
  'text, none': { text: 'nowhere-at-all' },
  'text of two letters': { text: 'zz' },
  'state pending': { state: 'pending' },
  'state counted': { state: 'counted' },
  'state uploaded (none)': { state: 'uploaded' },
  'hits from 990': { hits: { from: 990 } },
  'hits below 3': { hits: { before: 3 } },
  'last seen in an hour': { lastSeen: { from: FILLED_AT + 3 * HOUR, before: FILLED_AT + 4 * HOUR } },
  'first seen in an hour': { firstSeen: { from: FILLED_AT + 3 * HOUR, before: FILLED_AT + 4 * HOUR } },
  'all at once': {
    program: 'program-7',
    programVersion: '1.3.0',
    text: 'part-7',
    hits: { from: 10 },
    lastSeen: { from: FILLED_AT },
    state: 'counted',
  },
};

interface Sample {
  readonly ms: number;
  readonly rows: number;
}

async function ask(list: Queries['buckets' | 'problems' | 'entries'], filter: RowFilter): Promise<Sample[]> {
  const samples: Sample[] = [];
  let after: string | undefined;
  for (let page = 0; page < 3; page++) {
    const began = performance.now();
    const found: Page<unknown> = await list({ ...filter, ...(after !== undefined && { after }) });
    samples.push({ ms: performance.now() - began, rows: found.rows.length });
    after = found.next;
    if (after === undefined) break;
  }
  return samples;
}

/** A line: the median and the worst of all pages, and the rows of the first. */
function print(name: string, samples: readonly Sample[]): void {
  const times = samples.map(({ ms }) => ms).sort((a, b) => a - b);
  const median = times[Math.floor(times.length / 2)] ?? 0;
  const worst = times.at(-1) ?? 0;
  const flag = worst > 50 ? '  above 50' : '';
  process.stdout.write(
    `${name.padEnd(44)} ${median.toFixed(1).padStart(7)} ${worst.toFixed(1).padStart(7)} ms  ${samples[0]?.rows ?? 0} rows${flag}\n`,
  );
}

async function askAll(queries: Queries): Promise<void> {
  const lists = [
    ['buckets', ['hits', 'last-seen', 'first-seen']],
    ['problems', ['hits', 'last-seen', 'first-seen']],
    ['entries', [undefined]],
  ] as const;
  for (const [list, orders] of lists)
    for (const [name, filter] of Object.entries(FILTERS))
      for (const order of orders) {
        const samples: Sample[] = [];
        for (let round = 0; round < Number(rounds); round++)
          samples.push(...(await ask(queries[list], { ...filter, ...(order && { order }) })));
        print(`${list} by ${order ?? 'time'}: ${name}`, samples);
      }
}

async function askForOne(queries: Queries): Promise<void> {
  const ids = Array.from({ length: 100 }, (_, n) => bucketId(bucketNumber(1 + 97 * n)));
  const timed = async (name: string, question: (id: string) => Promise<unknown>) => {
    const samples: Sample[] = [];
    for (const id of ids) {
      const began = performance.now();
      await question(id);
      samples.push({ ms: performance.now() - began, rows: 1 });
    }
    print(name, samples);
  };
  await timed('one bucket', (id) => queries.bucket(id));
  await timed('entries of a bucket', (bucketId) => queries.entries({ bucketId }));
  const to = Date.now();
  for (const [step, length] of [
    ['minute', 2 * HOUR],
    ['hour', 14 * 24 * HOUR],
    ['day', 400 * 24 * HOUR],
  ] as const)
    await timed(`history by ${step}`, (bucketId) =>
      queries.history({ bucketId, step, from: to - length, to }),
    );
}

const store = await openEmbeddedStore({ dir });
// What a busy server has not added to its tables yet.
const waiting = Number(journaled);
if (waiting > 0)
  await store.hits.record(
    Array.from({ length: waiting }, (_, n) => hitOn((n * 7_919) % 1_000_000)),
    Date.now(),
  );
const began = performance.now();
await store.queries.outcomes();
process.stdout.write(
  `median and worst of pages of 100; ${waiting} hits in the journal, read in ${(performance.now() - began).toFixed(0)} ms\n`,
);
await askForOne(store.queries);
await askAll(store.queries);
await store.close();
