import { judge, type Store, type StoredDemand, type StoredEntry } from '@fr/store';
import { openEmbeddedStore } from '@fr/store/embedded';
import { openMemoryStore } from '@fr/store/memory';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { entryFiles, temporaryFolder } from './support/folder.ts';
import { AT, admit, bucketNamed, chunksOf, frameOf } from './support/material.ts';

const DAY_MS = 86_400_000;
const NOW = AT + 200 * DAY_MS;

function entryWith(
  changes: Partial<Omit<StoredEntry, 'header'>> & {
    readonly id?: number;
    readonly bucket?: string;
    readonly parts?: Readonly<Record<string, string>>;
  },
): StoredEntry {
  const { id = 0, bucket = 'pay', parts = { stack: 'same' }, ...rest } = changes;
  const entryId = `0190a1b2-0000-7000-8000-${String(id).padStart(12, '0')}`;
  const listed = Object.entries(parts).map(([type, sha256]) => ({
    type,
    contentType: 'text/plain',
    bytes: 1,
    sha256,
  }));
  const header = {
    entryId,
    reportId: entryId,
    bucket: bucketNamed(bucket),
    outcome: 'fatal',
    at: AT,
    demands: [],
  } as const;
  return {
    header: { ...header, parts: listed },
    state: 'pending',
    receipts: [],
    digest: '',
    bytes: 1_000,
    storedAt: NOW,
    ...rest,
  };
}

function demandFor(type: string, changes: Partial<StoredDemand> = {}): StoredDemand {
  const terms = {
    id: `d-${type}`,
    keyId: 'a'.repeat(26),
    version: 1,
    pattern: { program: 'shop' },
    types: [{ type, count: 1 }],
    each: 'bucket' as const,
    until: NOW + DAY_MS,
    reason: 'to see it',
    author: 'ann',
  };
  return { demand: { terms, signature: '' }, source: 'own', seenAt: AT, ...changes };
}

/** The numbers given to {@link entryWith} of those that stay of one bucket of two entries at the most. */
function staying(entries: readonly StoredEntry[], demands: readonly StoredDemand[] = [], bucketEntries = 2) {
  const { removed } = judge(entries, demands, { bucketEntries }, NOW);
  const gone = new Set(removed.map(({ entryId }) => entryId));
  const ids = entries.map(({ header }) => header.entryId).filter((id) => !gone.has(id));
  return ids.map((id) => Number(id.slice(-12))).sort((a, b) => a - b);
}

describe('of the entries of a bucket', () => {
  test('one that tells something else stays before a newer one that tells the same', () => {
    const entries = [
      entryWith({ id: 1, parts: { stack: 'a' }, storedAt: NOW - 20 * DAY_MS }),
      entryWith({ id: 2, parts: { stack: 'b' }, storedAt: NOW - 2 * DAY_MS }),
      entryWith({ id: 3, parts: { stack: 'b' }, storedAt: NOW - DAY_MS }),
    ];
    expect(staying(entries)).toEqual([1, 3]);
  });

  test('those richer in types stay before poorer ones', () => {
    const entries = [
      entryWith({ id: 1, parts: { stack: 'a' } }),
      entryWith({
        id: 2,
        parts: { stack: 'b', environment: 'b', packages: 'b' },
        storedAt: NOW - 30 * DAY_MS,
      }),
      entryWith({ id: 3, parts: { stack: 'c' }, storedAt: NOW - DAY_MS }),
    ];
    expect(staying(entries, [], 1)).toEqual([2]);
  });

  test('of likes the newest stay', () => {
    const entries = [3, 1, 2].map((id) => entryWith({ id, storedAt: NOW - id * DAY_MS }));
    expect(staying(entries)).toEqual([1, 2]);
  });

  test('a type that was asked for before stays before one that never was', () => {
    const entries = [
      entryWith({ id: 1, state: 'uploaded', parts: { breadcrumbs: 'a' } }),
      entryWith({ id: 2, state: 'uploaded', parts: { packages: 'b' } }),
    ];
    expect(staying(entries, [demandFor('breadcrumbs', { closedAt: AT })], 1)).toEqual([1]);
    expect(staying(entries, [demandFor('packages', { closedAt: AT })], 1)).toEqual([2]);
  });

  test('whatever is awaited by an open demand stays, be it more than the limit', () => {
    const entries = [1, 2, 3].map((id) => entryWith({ id, parts: { packages: 'x' }, storedAt: AT }));
    const richer = entryWith({ id: 4, parts: { stack: 'x', environment: 'y' } });
    expect(staying([...entries, richer], [demandFor('packages')])).toEqual([1, 2, 3]);
  });
});

test('limits hold, what goes is held and goes once, and the order of the entries means nothing', () => {
  const entry = fc.record({
    bucket: fc.constantFrom('a', 'b', 'c'),
    state: fc.constantFrom('pending' as const, 'uploaded' as const),
    bytes: fc.integer({ min: 1, max: 5_000 }),
    storedAt: fc.integer({ min: NOW - 300 * DAY_MS, max: NOW + 5 * DAY_MS }),
    parts: fc.dictionary(fc.constantFrom('stack', 'environment', 'packages'), fc.constantFrom('x', 'y')),
  });
  const limits = { bucketEntries: 3, bucketBytes: 8_000, ageMs: 90 * DAY_MS, totalBytes: 12_000 };
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 30 }), fc.boolean(), (list, asked) => {
      const entries = list.map((one, id) => entryWith({ id, ...one }));
      const demands = asked ? [demandFor('packages')] : [];
      const { removed, kept } = judge(entries, demands, limits, NOW);
      const gone = new Map(removed.map((one) => [one.entryId, one]));
      expect(gone.size).toBe(removed.length);
      const stay = entries.filter(({ header }) => !gone.has(header.entryId));
      expect(kept).toEqual({ entries: stay.length, bytes: stay.reduce((sum, { bytes }) => sum + bytes, 0) });
      expect(kept.entries + removed.length).toBe(entries.length);
      expect(kept.bytes).toBeLessThanOrEqual(limits.totalBytes);
      const awaited = ({ state, header }: StoredEntry) =>
        asked && state === 'pending' && header.parts.some(({ type }) => type === 'packages');
      for (const one of entries.filter(awaited))
        expect(gone.get(one.header.entryId)?.reason ?? 'retention-total').toBe('retention-total');
      for (const held of Map.groupBy(stay, ({ header }) => header.bucket.location).values())
        if (!held.some(awaited)) expect(held.length).toBeLessThanOrEqual(limits.bucketEntries);
      const backwards = judge(entries.toReversed(), demands, limits, NOW);
      expect(new Set(backwards.removed.map(({ entryId }) => entryId))).toEqual(new Set(gone.keys()));
    }),
  );
});

async function addTo(store: Store, bucket: string, text: string, at = Date.now()): Promise<void> {
  const { frame } = await frameOf(bucketNamed(bucket), text);
  await store.entries.add(chunksOf(frame), admit, at);
}

const DRIVERS = [
  ['embedded', (limits: object) => openEmbeddedStore({ dir: temporaryFolder(), retention: limits })],
  ['memory', async (limits: object) => openMemoryStore({ retention: limits })],
] as const;

describe.for(DRIVERS)('a store that keeps limits by itself (%s)', ([, open]) => {
  test('lets go soon after an arrival and goes on taking entries', async () => {
    const store = await open({ bucketEntries: 2, totalBytes: 1_000_000 });
    onTestFinished(() => store.close());
    for (let n = 0; n < 12; n++) await addTo(store, `b${n % 2}`, `stack ${n}`);
    await vi.waitFor(async () => expect((await store.queries.entries()).rows).toHaveLength(4));
    await addTo(store, 'b0', 'one more');
    await vi.waitFor(async () => expect((await store.queries.entries()).rows).toHaveLength(4));
    const dropped = (await store.queries.outcomes()).filter(({ outcome }) => outcome === 'dropped');
    expect(dropped).toEqual([{ of: 'entries', outcome: 'dropped', reason: 'retention-count', count: 9 }]);
  });

  test('never holds much more than the total', async () => {
    const store = await open({ totalBytes: 100_000 });
    onTestFinished(() => store.close());
    for (let n = 0; n < 40; n++) await addTo(store, `b${n}`, `${n}`.repeat(5_000));
    const held = async () => (await store.queries.entries()).rows.reduce((sum, { bytes }) => sum + bytes, 0);
    await vi.waitFor(async () => expect(await held()).toBeLessThanOrEqual(100_000));
    expect(await held()).toBeGreaterThan(80_000);
  });
});

test('the limits are looked at after a start, too', async () => {
  const dir = temporaryFolder();
  const before = await openEmbeddedStore({ dir });
  for (let n = 0; n < 6; n++) await addTo(before, 'pay', `stack ${n}`);
  await before.close();
  const store = await openEmbeddedStore({ dir, retention: { bucketEntries: 1 } });
  await vi.waitFor(async () => expect((await store.queries.entries()).rows).toHaveLength(1), 10_000);
  await vi.waitFor(() => expect(entryFiles(dir)).toHaveLength(1));
  await store.close();
});
