/** Fills a folder as years of use would: `DIR BUCKETS ENTRIES`. Straight into the tables, since only the start is measured. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { bucketId, problemId } from '@fr/bucket';
import { describePart, printFrame, readFrame } from '@fr/protocol';
import { uuidv7 } from '@fr/protocol/ids';
import { openEmbeddedStore } from '@fr/store/embedded';
import { BORN_EVERY_MS, FILLED_AT } from '../filled.ts';
import { bucketNumber, hitOn } from '../traffic.ts';

const [dir = '', buckets = '1000', entries = '100'] = process.argv.slice(2);
const AT = FILLED_AT;
const TYPES = ['stack', 'environment'];

/** Entries of one bucket: retention leaves a few. */
const PER_BUCKET = 4;

// The store makes its own tables, and one row of each kind to go by.
const store = await openEmbeddedStore({ dir });
await store.hits.record([hitOn(0)], AT);
const origin = await store.identity.origin();
await store.close();

const db = new DatabaseSync(join(dir, 'store.sqlite'));
db.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -262144; BEGIN');
const program = db.prepare('INSERT INTO programs (name) VALUES (?) ON CONFLICT DO NOTHING');
const problem = db.prepare(
  `INSERT INTO problems (problem_id, program, module, location, search, hits, first_seen, last_seen, buckets)
   VALUES (?, (SELECT program FROM programs WHERE name = ?), ?, ?, ?, ?, ?, ?, 1)
   ON CONFLICT DO UPDATE SET hits = hits + excluded.hits, buckets = buckets + 1`,
);
const bucketRow = db.prepare(
  `INSERT INTO buckets (bucket_id, problem_id, program, program_version, module_version, hits, first_seen, last_seen, changed)
   VALUES (?, ?, (SELECT program FROM programs WHERE name = ?), ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
);
const total = db.prepare(
  'INSERT INTO totals VALUES ((SELECT program FROM programs WHERE name = ?), ?, ?, ?, ?) ON CONFLICT DO NOTHING',
);

const entryRow = db.prepare("INSERT INTO entries VALUES (?, ?, 'pending', ?, ?, ?, ?, ?, ?, '[]')");
const heldType = db.prepare(
  'INSERT INTO held_types VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET count = count + 1',
);
const pendingIn = [
  db.prepare('UPDATE buckets SET pending = pending + 1 WHERE bucket_id = ?'),
  db.prepare(
    'UPDATE problems SET pending = pending + 1 WHERE problem_id = (SELECT problem_id FROM buckets WHERE bucket_id = ?)',
  ),
];

function addBucket(n: number): void {
  const bucket = bucketNumber(n);
  const [id, of, hits] = [bucketId(bucket), problemId(bucket), 1 + (n % 1_000)];
  const search = [bucket.program, bucket.module, bucket.location].join('\n').toLowerCase();
  program.run(bucket.program);
  const first = AT + BORN_EVERY_MS * n;
  const last = first + (n % 1_000) * 60_000;
  problem.run(of, bucket.program, bucket.module, bucket.location, search, hits, first, last);
  bucketRow.run(id, of, bucket.program, bucket.programVersion, bucket.moduleVersion, hits, first, last, n);
  total.run(bucket.program, id, origin.id, origin.epoch, hits);
}

async function addEntry(n: number): Promise<void> {
  const bucket = bucketNumber(1 + Math.floor(n / PER_BUCKET));
  const id = bucketId(bucket);
  const contents = TYPES.map((type) => {
    const content = Buffer.from(`${type} of entry ${n}\n`.repeat(20));
    return { part: describePart(type, 'text/plain', content), content };
  });
  const parts = contents.map(({ part }) => part);
  const [entryId, reportId] = [uuidv7(), uuidv7()];
  const header = { entryId, reportId, bucket, outcome: 'fatal', at: AT, demands: [], parts } as const;
  const frame = await printFrame(header, contents);
  const stored = Buffer.from(`${JSON.stringify({ stored: { at: AT + n, credits: [] } })}\n`);
  const folder = join(dir, 'entries', id);
  if (n % PER_BUCKET === 0) mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, `${entryId}.pending`), Buffer.concat([frame, stored]));
  let [headBytes, digest] = [0, ''];
  for await (const piece of readFrame(inOne(frame))) {
    if (piece.kind === 'header') headBytes = piece.bytes;
    if (piece.kind === 'end') digest = piece.digest;
  }
  const fileBytes = frame.byteLength + stored.byteLength;
  entryRow.run(entryId, id, AT + n, digest, frame.byteLength, headBytes, fileBytes, JSON.stringify(header));
  for (const statement of pendingIn) statement.run(id);
  for (const type of TYPES) heldType.run(id, type);
}

async function* inOne(frame: Uint8Array): AsyncGenerator<Uint8Array> {
  yield frame;
}

for (let n = 1; n < Number(buckets); n++) addBucket(n);
for (let n = 0; n < Number(entries); n++) await addEntry(n);
// What lists are found by; the store writes it with each row.
db.exec(`
INSERT OR IGNORE INTO seen_buckets SELECT last_seen / 60000, bucket_id FROM buckets ORDER BY 1 DESC, 2;
INSERT OR IGNORE INTO seen_problems SELECT last_seen / 60000, problem_id FROM problems ORDER BY 1 DESC, 2;
INSERT INTO problem_numbers (problem_id)
  SELECT problem_id FROM problems WHERE problem_id NOT IN (SELECT problem_id FROM problem_numbers);
INSERT INTO problem_words (rowid, search)
  SELECT n.number, p.search FROM problem_numbers n CROSS JOIN problems p ON p.problem_id = n.problem_id
  WHERE n.number > 1;
COMMIT`);
db.close();
