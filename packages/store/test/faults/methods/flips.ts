/**
 * One bit of a store is turned, or a file cut short, while nobody serves it. Whatever it was, the store opens, serves
 * no entry that is not the one it took in, and goes on counting.
 * @module
 */
import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bucketId } from '@fr/bucket';
import { type Store, StoreError } from '@fr/store';
import { openEmbeddedStore, verifyStore } from '@fr/store/embedded';
import {
  AT,
  admit,
  bucketNamed,
  chunksOf,
  frameOf,
  hitOn,
  RECEIPT,
  seeded,
  textOf,
} from '../../support/material.ts';
import { cyclesOf, type Extent, type Figures, inCycle } from '../run.ts';

const BUCKETS = 12;

/** What a sound store says about itself. */
interface Sound {
  readonly dir: string;
  readonly entries: ReadonlyMap<string, string>;
  readonly said: string;
}

/** Bits of the database, any page; `changed` without `found` is what no check sees: SQLite keeps no checksums. */
export async function databaseFlips(extent: Extent): Promise<Figures> {
  const random = seeded(extent.seed);
  const sound = await soundStore(join(extent.dir, 'sound'));
  const figures = { cycles: 0, unchanged: 0, found: 0, unseen: 0 };
  for (const cycle of cyclesOf(extent)) {
    const dir = join(extent.dir, 'flipped');
    cpSync(sound.dir, dir, { recursive: true });
    const path = join(dir, 'store.sqlite');
    const bytes = readFileSync(path);
    const at = ((cycle * 4096) % bytes.byteLength) + Math.floor(random() * 4096);
    bytes.writeUInt8((bytes.readUInt8(at) ^ (1 << Math.floor(random() * 8))) & 0xff, at);
    writeFileSync(path, bytes);
    const seen = await inCycle(`seed ${extent.seed}, bit at ${at}`, () => lookAt(dir, sound));
    figures[seen] += 1;
    figures.cycles += 1;
    rmSync(dir, { recursive: true });
  }
  return figures;
}

/**
 * Bits and lengths of the write-ahead log that a killed server leaves. Whatever was acknowledged is there, or is known to
 * be missing: SQLite itself takes the first damaged page for the log's end, and says nothing.
 */
export async function logFlips(extent: Extent): Promise<Figures> {
  const random = seeded(extent.seed);
  const killed = join(extent.dir, 'killed');
  const acknowledged = await killedStore(join(extent.dir, 'live'), killed);
  const figures = { cycles: 0, whole: 0, found: 0, lostHits: 0 };
  for (const _ of cyclesOf(extent)) {
    const dir = join(extent.dir, 'flipped');
    cpSync(killed, dir, { recursive: true });
    const path = join(dir, 'store.sqlite-wal');
    const bytes = readFileSync(path);
    const at = Math.floor(random() * bytes.byteLength);
    const isCut = random() < 0.3;
    if (isCut) truncateSync(path, at);
    else {
      bytes.writeUInt8((bytes.readUInt8(at) ^ (1 << Math.floor(random() * 8))) & 0xff, at);
      writeFileSync(path, bytes);
    }
    await inCycle(`seed ${extent.seed}, ${isCut ? 'cut' : 'bit'} at ${at}`, async () => {
      const notices: string[] = [];
      const store = await openEmbeddedStore({ dir, notice: (line) => notices.push(line) });
      const outcomes = await store.queries.outcomes();
      const count = (name: string, why: string) =>
        outcomes.find(({ of, outcome, reason }) => of === 'hits' && outcome === name && reason === why)
          ?.count ?? 0;
      const [counted, lost] = [count('counted', ''), count('dropped', 'lost-on-disk')];
      const { rows } = await store.queries.buckets({ limit: 1_000 });
      const inTables = rows.reduce((sum, { hits }) => sum + hits, 0);
      assert.equal(inTables, counted, 'what was counted is not what is there');
      assert.equal(counted + lost, acknowledged.hits, 'hits are missing, and nobody knows');
      for (const [id, text] of acknowledged.entries)
        assert(await isServed(store, id, text), `entry ${id} is not served`);
      const settings = await store.settings.read('last');
      const isWhole = lost === 0 && settings === acknowledged.setting;
      assert.equal(notices.length > 0, !isWhole, `it says ${JSON.stringify(notices)}`);
      assert.equal((await verifyStore(store)).ok, true, 'it is not put right');
      await store.close();
      figures[isWhole ? 'whole' : 'found'] += 1;
      figures.lostHits += lost;
    });
    figures.cycles += 1;
    rmSync(dir, { recursive: true });
  }
  return figures;
}

/** Each entry file in turn, at a random bit or length. All are found. */
export async function entryFlips(extent: Extent): Promise<Figures> {
  const random = seeded(extent.seed);
  const sound = await soundStore(join(extent.dir, 'sound'));
  const files = readdirSync(join(sound.dir, 'entries'), { recursive: true })
    .map(String)
    .filter((name) => /\.(pending|uploaded)$/.test(name));
  let [cycles, found] = [0, 0];
  for (const cycle of cyclesOf(extent)) {
    const dir = join(extent.dir, 'flipped');
    cpSync(sound.dir, dir, { recursive: true });
    const path = join(dir, 'entries', files[cycle % files.length] ?? '');
    const bytes = readFileSync(path);
    const frame = bytes.indexOf('{"stored"');
    const at = Math.floor(random() * frame);
    if (random() < 0.5) truncateSync(path, at);
    else {
      bytes.writeUInt8((bytes.readUInt8(at) ^ (1 << Math.floor(random() * 8))) & 0xff, at);
      writeFileSync(path, bytes);
    }
    await inCycle(`seed ${extent.seed}, ${files[cycle % files.length]} at ${at}`, async () => {
      const notices: string[] = [];
      const store = await openEmbeddedStore({ dir, notice: (line) => notices.push(line) });
      const served = await Promise.all([...sound.entries].map(([id, text]) => isServed(store, id, text)));
      assert.equal(served.filter((one) => !one).length, 1, 'one entry is damaged, and one is not served');
      const before = await verifyStore(store, { repair: true });
      assert(notices.length > 0 || before.damaged.length === 1, 'it is not found');
      const after = await verifyStore(store);
      assert.deepEqual([after.ok, after.aside], [true, 1], 'it is not set aside');
      const dropped = (await store.queries.outcomes()).filter(({ outcome }) => outcome === 'dropped');
      assert.equal(
        dropped.reduce((sum, { count }) => sum + count, 0),
        1,
        'it is not counted',
      );
      found += 1;
      await store.close();
    });
    cycles += 1;
    rmSync(dir, { recursive: true });
  }
  return { cycles, found };
}

async function lookAt(dir: string, sound: Sound): Promise<'unchanged' | 'found' | 'unseen'> {
  const notices: string[] = [];
  const notice = (line: string) => void notices.push(line);
  let store = await openEmbeddedStore({ dir, notice });
  const said = await whatItSays(store).catch((error) => codeOf(error));
  for (const [id, text] of sound.entries) await isServed(store, id, text).catch((error) => codeOf(error));
  const { ok } = await verifyStore(store).catch((error) => ({ ok: codeOf(error) === '' }));
  await store.close();
  if (!ok) await verifyStore(dir, { repair: true });
  store = await openEmbeddedStore({ dir, notice });
  const counted = await store.hits.record([hitOn(bucketNamed('b0'))], AT);
  assert.equal(counted[0]?.result, 'counted');
  await store.close();
  if (!ok || notices.length > 0) return 'found';
  return said === sound.said ? 'unchanged' : 'unseen';
}

/** An entry is whole or refused as damaged or gone, never another text. */
async function isServed(store: Store, id: string, text: string): Promise<boolean> {
  try {
    const given = await textOf(store, id);
    assert(given === undefined || given === text, `entry ${id} is served with another text`);
    return given === text;
  } catch (error) {
    codeOf(error);
    return false;
  }
}

function codeOf(error: unknown): string {
  if (!(error instanceof StoreError)) throw error;
  assert.match(error.code, /damaged|storage-failed|not-found/);
  return error.code;
}

async function whatItSays(store: Store): Promise<string> {
  const { rows } = await store.queries.buckets({ limit: 1_000 });
  const problems = await store.queries.problems({ limit: 1_000 });
  const pending: unknown[] = [];
  for await (const entry of store.entries.pending()) pending.push(entry);
  const history = await Promise.all(
    rows.map(({ bucketId: id }) =>
      store.queries.history({ bucketId: id, step: 'minute', from: AT - 60_000, to: AT + 60_000 }),
    ),
  );
  const found = await store.queries.buckets({ text: 'b1', limit: 1_000 });
  const byTime = await store.queries.problems({ order: 'last-seen', limit: 1_000 });
  return JSON.stringify([
    ...[rows, problems.rows, pending, history, found.rows, byTime.rows],
    await store.queries.outcomes(),
    await store.identity.origin(),
    (await store.hits.changedSince(0, 1_000)).totals,
    await store.settings.read('tokens'),
  ]);
}

/** A folder as a kill leaves it: most of what was acknowledged is in the log only. */
async function killedStore(
  live: string,
  copy: string,
): Promise<{
  readonly hits: number;
  readonly entries: ReadonlyMap<string, string>;
  readonly setting: number;
}> {
  const { entries } = await soundStore(live);
  const store = await openEmbeddedStore({ dir: live });
  let hits = 20 * BUCKETS;
  for (let n = 0; n < 30; n++) {
    const bucket = bucketNamed(`b${n % (2 * BUCKETS)}`);
    await store.hits.record([hitOn(bucket), hitOn(bucket)], AT + n);
    hits += 2;
    if (n % 10 === 9) await store.settings.write('last', n);
  }
  cpSync(live, copy, { recursive: true });
  await store.close();
  return { hits, entries, setting: 29 };
}

async function soundStore(dir: string): Promise<Sound> {
  const store = await openEmbeddedStore({ dir });
  const entries = new Map<string, string>();
  for (let n = 0; n < BUCKETS; n++) {
    const bucket = bucketNamed(`b${n}`);
    await store.hits.record(
      Array.from({ length: 20 }, () => hitOn(bucket)),
      AT,
    );
    const text = `text of ${bucketId(bucket)}`;
    const { frame, header } = await frameOf(bucket, text);
    await store.entries.add(chunksOf(frame), admit, AT);
    if (n % 3 === 0) await store.entries.mark(header.entryId, RECEIPT);
    entries.set(header.entryId, text);
  }
  await store.settings.write('tokens', [{ name: 'desk-1', hash: 'c0ffee'.repeat(8) }]);
  const said = await whatItSays(store);
  await store.close();
  return { dir, entries, said };
}
