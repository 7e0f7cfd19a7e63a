import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callVerb, listingVerbs } from '@fr/server';
import type { Queries } from '@fr/store';
import { openEmbeddedStore } from '@fr/store/embedded';
import { afterAll, beforeAll, expect, test } from 'vitest';

interface Listed {
  readonly rows: readonly { readonly name: string; readonly hits: number }[];
  readonly next?: string;
}

const MANY = 6_400;
let dir: string;
let store: Awaited<ReturnType<typeof openEmbeddedStore>>;
/** The store gives no more than so many rows a page, as it may. */
let most = Number.POSITIVE_INFINITY;
let calls = 0;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fr-listing-'));
  store = await openEmbeddedStore({ dir });
  const at = Date.now();
  const hits = Array.from({ length: MANY }, (_, place) => ({
    reportId: `01920000-0000-7000-8000-${String(place).padStart(12, '0')}`,
    bucket: {
      program: 'till',
      programVersion: place < MANY / 2 - 10 ? '1.0.0' : '2.0.0',
      module: place < MANY / 2 ? 'till' : 'drawer',
      moduleVersion: '1.0.0',
      location: `price.js#total${place}`,
    },
    at,
    count: MANY - place,
    outcome: 'fatal' as const,
  }));
  for (let from = 0; from < MANY; from += 100) await store.hits.record(hits.slice(from, from + 100), at);
});

afterAll(async () => {
  await store.close();
  await rm(dir, { recursive: true });
});

async function list(params: Readonly<Record<string, unknown>>): Promise<Listed> {
  const counting: Queries = {
    ...store.queries,
    buckets: (filter) => {
      calls += 1;
      return store.queries.buckets({ ...filter, limit: Math.min(filter?.limit ?? 100, most) });
    },
  };
  const verbs = listingVerbs({
    queries: counting,
    entryCounts: ({ pending, uploaded }) => ({ pending, uploaded }),
    entryStates: async (rows) => rows.map(({ state }) => state),
  });
  return (await callVerb(verbs, 'buckets', params)) as Listed;
}

test('a list is a hundred rows, then as many as are asked for, and its end is said', async () => {
  const first = await list({});
  expect(first.rows.map(({ hits }) => hits)).toEqual(Array.from({ length: 100 }, (_, at) => MANY - at));
  const second = await list({ limit: '2500', after: first.next });
  expect(second.rows.length).toBe(2_500);
  expect(second.rows[0]?.hits).toBe(MANY - 100);
  const last = await list({ limit: 5_000, after: second.next });
  expect([last.rows.length, last.next]).toEqual([MANY - 2_600, undefined]);
});

test('a page of which few rows are seen is full all the same, however often the store has to be asked', async () => {
  calls = 0;
  most = 1;
  const { rows } = await list({ module: 'till', programVersion: '2.0.0', limit: 4 });
  expect([rows.length, calls >= 4]).toEqual([4, true]);
  most = Number.POSITIVE_INFINITY;
  const stale = await list({ hitsFrom: 1, newBefore: '2020-01-01' });
  expect(stale).toEqual({ rows: [] });
});

test('a limit or a place that is none is refused in words', async () => {
  await expect(list({ limit: 10_001 })).rejects.toThrow('"limit" must be 1 to 10000');
  await expect(list({ after: 'page 2' })).rejects.toThrow('`after` takes the `next` of a page before');
});
