import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answerOffer, DEFAULT_POLICY, type Ledger, openLedger, runPass } from '@fr/sync';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bucketOf, NOW, VENDOR, vendorKey } from './fixture.ts';
import { MemorySite } from './memory-site.ts';
import { MemoryVendor, RecordingDestination } from './memory-vendor.ts';

let folder: string;
let ledger: Ledger;
let site: MemorySite;
let vendor: MemoryVendor;
let destination: RecordingDestination;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fr-tables-'));
  ledger = await openLedger(join(folder, 'ledger.jsonl'));
  [site, vendor] = [new MemorySite(), new MemoryVendor()];
  destination = new RecordingDestination(vendor);
});
afterEach(async () => {
  await ledger.close();
  await rm(folder, { recursive: true });
});

const PLACES = ['a', 'b', 'c'].map((place) => bucketOf('shop', place));

async function pass(): Promise<void> {
  for (const place of PLACES) site.hit(place);
  const { failure } = await runPass({
    ...{ store: site, destination, ledger, policy: DEFAULT_POLICY, programs: ['shop'] },
    ...{ pinned: vendorKey.keyId, to: VENDOR, now: () => NOW },
  });
  expect(failure).toBeUndefined();
}

/** What the vendor keeps of numbers: their epoch and the number. */
function numbers(): readonly string[] {
  const names = [...vendor.settingsKept.keys()].filter((name) => name.startsWith('number '));
  return names.map((name) => name.split(' ').slice(2).join(' ')).sort();
}

const hitsAtVendor = () => [...vendor.totals.values()].reduce((sum, { hits }) => sum + hits, 0);

test('the numbers of a table that its site has given up are forgotten', async () => {
  await pass();
  await pass();
  await pass();
  expect(numbers()).toEqual(['1 1', '1 2', '1 3']);
  const { id } = await site.identity.origin();
  vendor.settingsKept.delete(`number ${id} 1 2`);
  await pass();
  expect(numbers()).toEqual(['1 4', '1 5', '1 6']);
  await pass();
  expect(destination.offers.at(-1)).toMatchObject({ buckets: [], numbered: [{}, {}, {}] });
  expect(hitsAtVendor()).toBe(15);
});

test('with the first offer of a new epoch the numbers of the one before are forgotten, and its mark is not', async () => {
  await pass();
  await site.identity.openEpoch();
  await pass();
  await pass();
  expect(numbers()).toEqual(['2 1', '2 2', '2 3']);
  const { id } = await site.identity.origin();
  expect(vendor.settingsKept.get(`told ${id} 1`)).toMatchObject({ mark: { nonce: expect.any(Number) } });
  expect(hitsAtVendor()).toBe(9);
});

test('a twin that goes on under the epoch before tells its buckets in full again, and keeps numbers of its own', async () => {
  await pass();
  const twin = structuredClone([...site.settingsKept]);
  await site.identity.openEpoch();
  await pass();
  const own = structuredClone([...site.settingsKept]);
  // As the copy of the disk has it.
  site.epoch = 1;
  site.settingsKept.clear();
  for (const [name, value] of twin) site.settingsKept.set(name, value);
  await pass();
  expect(numbers()).toEqual(['1 4', '1 5', '1 6', '2 1', '2 2', '2 3']);
  site.epoch = 2;
  for (const [name, value] of own) site.settingsKept.set(name, value);
  await pass();
  expect(destination.offers.at(-1)).toMatchObject({ buckets: [], numbered: [{}, {}, {}] });
});

test('a site that says it has given numbers without end costs no more to forget than it has written', async () => {
  const origin = { id: (await site.identity.origin()).id, epoch: 1 };
  let asked = 0;
  const forget = vendor.settings.delete;
  const store = Object.assign(vendor, {
    settings: {
      ...vendor.settings,
      delete: async (names: readonly string[]) => {
        asked += names.length;
        await forget(names);
      },
    },
  });
  for (const [place, number] of [1, Number.MAX_SAFE_INTEGER - 1, 2].entries()) {
    const buckets = [{ bucket: PLACES[place] ?? bucketOf(), hits: 1, holds: [], number }];
    const mark = { cursor: place + 1, nonce: place + 1 };
    const offer = { protocol: 1, origin, buckets, mark, after: [place], table: place < 2 ? 7 : 8 };
    const reply = await answerOffer({ store, key: vendorKey, offer, now: NOW });
    expect(reply.mark).toEqual(mark);
  }
  expect(asked).toBe(0);
  expect(vendor.totals.size).toBe(PLACES.length);
});
