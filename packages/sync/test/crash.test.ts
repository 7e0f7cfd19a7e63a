import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bucketId } from '@fr/bucket';
import {
  createDemand,
  DEFAULT_POLICY,
  type Destination,
  type Ledger,
  ledgerSums,
  openLedger,
  type PassSummary,
  runPass,
  type SiteStore,
} from '@fr/sync';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bucketOf, headerOf, NOW, VENDOR, vendorKey } from './fixture.ts';
import { MemorySite } from './memory-site.ts';
import { MemoryVendor, RecordingDestination } from './memory-vendor.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fr-crash-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A process that dies at its nth outward act, before or after doing it; from then on nothing it does has any effect. */
class Mortal {
  readonly #at: number;
  readonly #after: boolean;
  acts = 0;

  constructor(at: number, after: boolean) {
    this.#at = at;
    this.#after = after;
  }

  async act<T>(doIt: () => Promise<T>): Promise<T> {
    this.acts += 1;
    if (this.acts > this.#at || (this.acts === this.#at && !this.#after)) throw new Error('killed');
    const done = await doIt();
    if (this.acts === this.#at) throw new Error('killed');
    return done;
  }

  /** The same object, each of whose methods counts as an act. */
  wrap<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (from, name) => {
        const member: unknown = Reflect.get(from, name);
        if (typeof member !== 'function' || name === 'pending') return member;
        return (...args: unknown[]) => this.act(async () => Reflect.apply(member, from, args));
      },
    });
  }
}

function mortalStore(site: MemorySite, mortal: Mortal): SiteStore {
  const { identity, hits, entries, demands, quotas, queries, settings } = site;
  return {
    identity: mortal.wrap(identity),
    hits: mortal.wrap(hits),
    entries: mortal.wrap(entries),
    demands: mortal.wrap(demands),
    quotas: mortal.wrap(quotas),
    queries: mortal.wrap(queries),
    settings: mortal.wrap(settings),
  };
}

async function world() {
  const site = new MemorySite();
  const vendor = new MemoryVendor();
  const destination = new RecordingDestination(vendor);
  const places = [bucketOf('shop', 'a'), bucketOf('shop', 'b')];
  for (const place of places) {
    site.hit(place, headerOf(['stack', 'environment'], place));
    site.hit(place, headerOf(['environment'], place));
  }
  const pattern = { program: 'shop' };
  await createDemand({
    pattern,
    types: [{ type: 'environment', count: 3 }],
    reason: 'why',
    author: 'who',
    key: vendorKey,
    store: vendor,
    now: NOW,
  });
  return { site, vendor, destination };
}

async function passOf(
  site: SiteStore,
  destination: Destination,
  ledger: Pick<Ledger, 'append' | 'sent'>,
): Promise<PassSummary> {
  return await runPass({
    store: site,
    destination,
    ledger,
    policy: DEFAULT_POLICY,
    programs: ['shop'],
    pinned: vendorKey.keyId,
    to: VENDOR,
    now: () => NOW,
  });
}

test('wherever in a pass the process is killed, the next passes deliver everything once, and the ledger covers every byte', async () => {
  let acts = Number.POSITIVE_INFINITY;
  for (let at = 1; at <= acts; at++) {
    for (const after of [false, true]) {
      const file = join(folder, `${at}-${after}.jsonl`);
      const { site, vendor, destination } = await world();
      const mortal = new Mortal(at, after);
      const dying = await openLedger(file);
      const summary = await passOf(mortalStore(site, mortal), mortal.wrap(destination), {
        sent: dying.sent,
        append: (event) => mortal.act(() => dying.append(event)),
      });
      await dying.close();
      if (summary.failure === undefined) acts = mortal.acts;

      const ledger = await openLedger(file);
      for (let n = 0; n < 3; n++) {
        const next = await passOf(site, destination, ledger);
        expect([at, after, next.failure]).toEqual([at, after, undefined]);
        expect(next.decisions.map(({ result }) => result)).not.toContain('not-needed');
      }
      const { total } = await ledgerSums(ledger.records());
      expect((await ledger.verify()).ok).toBe(true);
      await ledger.close();
      const samples = [...vendor.entries.values()].flatMap(({ header }) =>
        header.parts.map(({ type }) => type),
      );
      expect([at, after, samples.filter((type) => type === 'environment').length]).toEqual([at, after, 3]);
      expect(samples.filter((type) => type === 'stack').length).toBe(2);
      expect(site.states().filter((state) => state === 'uploaded').length).toBe(vendor.entries.size);
      expect(total.payloadBytes).toBeGreaterThanOrEqual(destination.bytes.payload);
      expect(total.headerBytes).toBeGreaterThanOrEqual(destination.bytes.header);
    }
  }
  expect(acts).toBeGreaterThan(20);
});

test('whatever is held and asked, what goes is never above a count, and in the end all that was asked for and held', async () => {
  const types = fc.subarray(['stack', 'environment'], { minLength: 1 });
  const place = fc.constantFrom('a', 'b', 'c');
  const demand = fc.record({
    program: fc.constant('shop'),
    type: fc.constantFrom('stack', 'environment'),
    count: fc.integer({ min: 1, max: 4 }),
    each: fc.constantFrom('demand' as const, 'bucket' as const),
  });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(place, types), { maxLength: 12 }),
      fc.array(demand, { maxLength: 3 }),
      async (entries, demands) => {
        run += 1;
        const ledger = await openLedger(join(folder, `run-${run}.jsonl`), { sync: async () => undefined });
        const site = new MemorySite();
        const vendor = new MemoryVendor();
        const destination = new RecordingDestination(vendor, [], {
          id: 'vendor-default',
          types: [],
          reason: 'none',
          author: 'none',
        });
        for (const { program, type, count, each } of demands) {
          await createDemand({
            pattern: { program },
            types: [{ type, count }],
            each,
            reason: 'why',
            author: 'who',
            key: vendorKey,
            store: vendor,
            now: NOW,
          });
        }
        for (const [location, held] of entries)
          site.hit(bucketOf('shop', location), headerOf(held, bucketOf('shop', location)));
        const first = await passOf(site, destination, ledger);
        const second = await passOf(site, destination, ledger);
        await ledger.close();
        expect([first.failure, second.failure, second.uploaded]).toEqual([undefined, undefined, 0]);
        expect([...first.decisions, ...second.decisions].map(({ result }) => result)).not.toContain(
          'not-needed',
        );
        const accepted = (id: string, scope: string, type: string): number =>
          vendor.creditsKept.get(`${id} ${scope} ${type}`)?.accepted ?? 0;
        const left = [...site.kept.values()].filter(({ state }) => state === 'pending');
        for (const {
          demand: { terms },
        } of vendor.demandsKept) {
          for (const { type, count } of terms.types) {
            for (const { header } of left.filter((entry) =>
              entry.header.parts.some((part) => part.type === type),
            )) {
              expect(accepted(terms.id, terms.each === 'bucket' ? bucketId(header.bucket) : '', type)).toBe(
                count,
              );
            }
          }
        }
        for (const { demand: signed } of vendor.demandsKept.filter(({ demand: { terms } }) =>
          terms.id.startsWith('d-'),
        )) {
          for (const credit of vendor.creditsKept.values()) {
            const wanted = signed.terms.types.find(({ type }) => type === credit.type);
            if (credit.demandId === signed.terms.id)
              expect(credit.accepted).toBeLessThanOrEqual(wanted?.count ?? 0);
          }
        }
      },
    ),
    { numRuns: 100 },
  );
});
