import { LeaseBook, type LeaseVerdict, leasesInForce, openLeaseDesk, type SlotAsk } from '@fr/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const MINUTE = 60_000;
const life = { least: 10 * MINUTE, most: 10 * MINUTE };
const ask = (more: Partial<SlotAsk> = {}): SlotAsk => ({
  slot: 'd-1 stack',
  holder: 'a',
  count: 1,
  places: 1,
  life,
  ...more,
});
const fenceOf = (verdict: LeaseVerdict): number => (verdict.granted ? verdict.lease.fence : Number.NaN);

test('of 1,000 sites that ask at once, as many get a lease as samples are wanted', () => {
  const book = new LeaseBook();
  const verdicts = Array.from({ length: 1_000 }, (_, n) =>
    book.grant(ask({ holder: `s${n}`, places: 25 }), 0, 1),
  );
  expect(verdicts.filter(({ granted }) => granted)).toHaveLength(25);
  expect(new Set(verdicts.filter(({ granted }) => granted).map(fenceOf)).size).toBe(25);
  expect(verdicts[999]).toEqual({ granted: false, reason: 'leased-out', retryAfterMs: 10 * MINUTE });
});

test('who asks twice, because a reply was lost, has one lease, with the same fence and more time', () => {
  const book = new LeaseBook();
  const first = book.grant(ask({ places: 2 }), 0, 5);
  const again = book.grant(ask({ places: 2 }), MINUTE, 6);
  expect(fenceOf(again)).toBe(fenceOf(first));
  expect(again).toMatchObject({ granted: true, lease: { until: 11 * MINUTE } });
  expect(book.leasedOut('d-1 stack', MINUTE)).toBe(1);
});

test('a lease is renewed by its fence, whoever shows it, and only in its own slot', () => {
  const book = new LeaseBook();
  const fence = fenceOf(book.grant(ask(), 0, 5));
  expect(book.grant(ask({ holder: 'b', fence }), MINUTE, 6)).toMatchObject({
    granted: true,
    lease: { fence },
  });
  expect(fenceOf(book.grant(ask({ holder: 'b', fence, slot: 'other' }), MINUTE, 6))).not.toBe(fence);
});

test('what is left over by a lease is given to others, and a lease shrinks to what is still wanted when renewed', () => {
  const book = new LeaseBook();
  expect(book.grant(ask({ count: 8, places: 10 }), 0, 1)).toMatchObject({ lease: { count: 8 } });
  expect(book.grant(ask({ holder: 'b', count: 8, places: 10 }), 0, 1)).toMatchObject({ lease: { count: 2 } });
  expect(book.grant(ask({ count: 8, places: 5 }), 0, 1)).toMatchObject({ lease: { count: 3 } });
  expect(book.grant(ask({ count: 1, places: 0 }), 0, 1)).toEqual({ granted: false, reason: 'not-wanted' });
});

test('the holder dies, and the next one gets it when its time is over', () => {
  const book = new LeaseBook();
  const dead = fenceOf(book.grant(ask(), 0, 1));
  expect(book.grant(ask({ holder: 'b' }), 10 * MINUTE - 1, 1)).toMatchObject({ retryAfterMs: 1 });
  expect(book.grant(ask({ holder: 'b' }), 10 * MINUTE, 1)).toMatchObject({ granted: true });
  expect(book.find(dead, 10 * MINUTE)).toBeUndefined();
});

test('whoever waits for a rare event is given twice the time each time it was too short, and never more than the most', () => {
  const book = new LeaseBook();
  const rare = ask({ life: { least: MINUTE, most: 5 * MINUTE } });
  const times: number[] = [];
  for (let now = 0; times.length < 5; ) {
    const verdict = book.grant(rare, now, 1);
    const until = verdict.granted ? verdict.lease.until : Number.NaN;
    times.push(until - now);
    now = until;
  }
  expect(times).toEqual([1, 2, 4, 5, 5].map((minutes) => minutes * MINUTE));
  book.spend(fenceOf(book.grant(rare, 1e9, 1)), 1e9);
  expect(book.grant(rare, 1e9, 1)).toMatchObject({ lease: { until: 1e9 + MINUTE } });
});

const DAY = 24 * 60 * MINUTE;
const rarely = { least: DAY, most: DAY, alone: 10 * MINUTE };
const waits = (holder: string, more: Partial<SlotAsk> = {}) => ask({ holder, life: rarely, ...more });

test('whoever waits for something rare stands in the way of the next for minutes only, and waits on beside it', () => {
  const book = new LeaseBook();
  const first = fenceOf(book.grant(waits('a'), 0, 1));
  expect(book.grant(waits('b'), 0, 1)).toEqual({
    granted: false,
    reason: 'leased-out',
    retryAfterMs: 10 * MINUTE,
  });
  expect(book.grant(waits('b'), 10 * MINUTE, 1)).toMatchObject({ granted: true });
  expect(book.find(first, DAY - 1)).toMatchObject({ holder: 'a' });
  expect(book.find(first, DAY)).toBeUndefined();
});

test('each further one that waits is let in later than the one before, 17 in a day for one sample', () => {
  const book = new LeaseBook();
  const let_in: number[] = [];
  for (let now = 0; now < DAY; now += MINUTE)
    if (book.grant(waits(`s${now}`), now, 1).granted) let_in.push(now / MINUTE);
  expect(let_in.slice(0, 5)).toEqual([0, 10, 30, 60, 100]);
  expect(let_in).toHaveLength(17);
});

test('whoever waits asks again and never stands in the way a second time, nor loses what it has', () => {
  const book = new LeaseBook();
  const first = book.grant(waits('a'), 0, 1);
  // Renewed in its own time: it lasts longer, and makes way no later.
  expect(book.grant(waits('a'), 5 * MINUTE, 1)).toMatchObject({ lease: { until: DAY + 5 * MINUTE } });
  expect(book.grant(waits('b'), 10 * MINUTE, 1)).toMatchObject({ granted: true });
  expect(book.grant(waits('a'), 11 * MINUTE, 1)).toMatchObject({
    lease: { fence: fenceOf(first), until: DAY + 5 * MINUTE },
  });
  expect(book.grant(waits('a', { places: 0 }), 12 * MINUTE, 1)).toMatchObject({ reason: 'not-wanted' });
  expect(book.find(fenceOf(first), 12 * MINUTE)).toBeUndefined();
});

test('nobody begins to wait while what they wait for is being brought', () => {
  const book = new LeaseBook();
  expect(book.grant(waits('a', { taken: 1 }), 0, 1)).toMatchObject({ granted: false, reason: 'leased-out' });
  expect(book.grant(waits('a', { taken: 1, places: 2 }), 0, 1)).toMatchObject({ granted: true });
});

test('N are collected within two days, where most of those who wait die and the others fail every 20 hours at least', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3 }),
      fc.array(fc.record({ lives: fc.boolean(), every: fc.integer({ min: 1, max: 20 }) }), {
        minLength: 3,
        maxLength: 24,
      }),
      (wanted, programs) => {
        const alive = programs.filter(({ lives }) => lives);
        fc.pre(alive.length >= wanted);
        const book = new LeaseBook();
        const fences = new Map<number, number>();
        let collected = 0;
        // Each fails every so many hours, the dead ones once; whoever has a lease at its failure collects.
        for (let now = 0; collected < wanted && now < 2 * DAY; now += 60 * MINUTE)
          for (const [who, { lives, every }] of programs.entries()) {
            if (!lives && now > 0) continue;
            if ((now / (60 * MINUTE)) % every !== 0 || collected === wanted) continue;
            const held = fences.get(who);
            if (lives && held !== undefined && book.find(held, now)) {
              collected += 1;
              book.giveBack(held, now);
              fences.delete(who);
              continue;
            }
            const verdict = book.grant(waits(`s${who}`, { places: wanted - collected }), now, now);
            if (verdict.granted) fences.set(who, verdict.lease.fence);
          }
        expect(collected).toBe(wanted);
      },
    ),
    { numRuns: 300 },
  );
});

test('a lease that depends on another ends before it, and is not given for the last second of it', () => {
  const book = new LeaseBook();
  const within = (ms: number) => ask({ life: { ...life, within: ms } });
  expect(book.grant(within(MINUTE), 0, 1)).toMatchObject({ lease: { until: 54_000 } });
  expect(book.grant(within(0), MINUTE, 1)).toMatchObject({ granted: false, reason: 'leased-out' });
});

test('fences rise, also when the calendar is set back by a year', () => {
  const book = new LeaseBook();
  const year = 365 * 24 * 60 * MINUTE;
  const fences = [9 * year, 8 * year, 8 * year, 10 * year].map((fence, n) =>
    fenceOf(book.grant(ask({ slot: `s${n}` }), n, fence)),
  );
  expect(fences).toEqual([9 * year, 9 * year + 1, 9 * year + 2, 10 * year]);
});

/** One thing that happens at a desk. `at`: milliseconds later. */
const event = fc.record({
  what: fc.constantFrom('ask', 'deliver', 'give back', 'die', 'restart', 'crash'),
  who: fc.nat(9),
  count: fc.integer({ min: 1, max: 3 }),
  later: fc.nat(8 * MINUTE),
});

test('at most N are accepted, whoever asks, dies, is late or comes back, through restarts and crashes', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.array(event, { maxLength: 60 }), (wanted, events) => {
      let book = new LeaseBook();
      let now = 0;
      let accepted = 0;
      const hands = new Map<number, { fence: number; until: number }>();
      for (const { what, who, count, later } of events) {
        now += later;
        const hand = hands.get(who);
        if (what === 'ask') {
          const places = wanted - accepted;
          const verdict = book.grant(ask({ holder: `s${who}`, count, places }), now, now);
          if (verdict.granted) hands.set(who, verdict.lease);
          expect(book.leasedOut('d-1 stack', now)).toBeLessThanOrEqual(places);
        }
        // A store accepts what the gate lets through; here the gate looks at nothing but the fence.
        if (what === 'deliver' && hand && book.find(hand.fence, now)) {
          accepted += 1;
          book.spend(hand.fence, now);
        }
        if (what === 'give back' && hand) book.giveBack(hand.fence, now);
        if (what === 'die') hands.delete(who);
        if (what === 'restart') book = LeaseBook.restore(book.keep(now), now);
        if (what === 'crash') book = new LeaseBook();
        expect(accepted).toBeLessThanOrEqual(wanted);
        const held = book.keep(now).leases.reduce((sum, lease) => sum + lease.count, 0);
        if (what !== 'restart') expect(held + accepted).toBeLessThanOrEqual(wanted);
      }
    }),
    { numRuns: 1_000 },
  );
});

test('N are delivered in the end, where most holders die, none has a right clock, and N live ones are left', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.boolean(), { minLength: 5, maxLength: 40 }),
      fc.array(fc.integer({ min: -9e9, max: 9e9 }), { minLength: 40, maxLength: 40 }),
      (wanted, alive, skews) => {
        fc.pre(alive.filter(Boolean).length >= wanted);
        const book = new LeaseBook();
        const done = new Set<number>();
        // Each asks with every pass, the dead only with their first; the clocks of the holders come into nothing.
        for (let pass = 0, now = 0; pass < 3 * alive.length + 3; pass++, now += 5 * MINUTE) {
          for (const [who, lives] of alive.entries()) {
            if (done.has(who) || (!lives && pass > 0)) continue;
            const places = wanted - done.size;
            const verdict = book.grant(ask({ holder: `s${who}`, places }), now, skews[who] ?? 0);
            if (!verdict.granted || !lives) continue;
            done.add(who);
            book.spend(verdict.lease.fence, now);
          }
        }
        expect(done.size).toBe(wanted);
      },
    ),
    { numRuns: 300 },
  );
});

test('a desk goes on after a restart with what was given, and begins anew where its book cannot be read', async () => {
  const kept = new Map<string, unknown>();
  const shelf = {
    read: async (name: string) => structuredClone(kept.get(name)),
    write: async (name: string, value: unknown) => void kept.set(name, structuredClone(value)),
  };
  let elapsed = 1_000;
  const clocks = { now: () => 1_760_000_000_000, elapsed: () => elapsed, random: () => 0.42 };
  const before = await openLeaseDesk(shelf, clocks);
  const verdict = before.grant(ask());
  expect(verdict).toMatchObject({ expiresInMs: 10 * MINUTE, lease: { fence: 176_000_000_000_042 } });
  await before.settled();
  elapsed = 5;
  const after = await openLeaseDesk(shelf, clocks);
  expect(after.find(176_000_000_000_042)).toMatchObject({ holder: 'a', count: 1 });
  expect(after.grant(ask({ holder: 'b' }))).toMatchObject({ granted: false, reason: 'leased-out' });
  expect(after.grant(ask({ slot: 'other' }))).toMatchObject({ lease: { fence: 176_000_000_000_043 } });
  kept.set('leases', { lastFence: 'high', leases: [] });
  expect((await openLeaseDesk(shelf, clocks)).grant(ask({ holder: 'c' }))).toMatchObject({ granted: true });
});

test('who may bring or collect what until when is there to be read, of reporters and of the site at its destination', async () => {
  const at = 1_760_000_000_000;
  const vendor = 'https://vendor.example';
  const subject = { demandId: 'd-1', bucketId: 'b-2', type: 'heap-snapshot' };
  const kept = new Map<string, unknown>([
    [
      `leases ${vendor}`,
      [
        { ...subject, may: true, until: at + DAY },
        { ...subject, type: 'core', may: false, until: at + DAY },
      ],
    ],
  ]);
  const shelf = {
    read: async (name: string) => kept.get(name),
    write: async (name: string, value: unknown) => void kept.set(name, value),
  };
  const desk = await openLeaseDesk(shelf, { now: () => at, elapsed: () => 7 });
  desk.grant(waits('till key h-1', { slot: 'collect b-2 heap-snapshot' }));
  desk.grant(ask({ slot: 'deliver b-1 log-tail', holder: 'till key h-2' }));
  await desk.settled();
  const site = {
    who: { at: vendor },
    for: 'collect',
    bucketId: 'b-2',
    type: 'heap-snapshot',
    until: at + DAY,
  };
  const waiting = {
    ...{ who: { key: 'till key', holder: 'h-1' }, for: 'collect', bucketId: 'b-2', type: 'heap-snapshot' },
    until: at + DAY,
  };
  const brings = {
    ...{ who: { key: 'till key', holder: 'h-2' }, for: 'deliver', bucketId: 'b-1', type: 'log-tail' },
    ...{ until: at + 10 * MINUTE, othersFrom: at + 10 * MINUTE },
  };
  expect(await leasesInForce(shelf, vendor, at)).toEqual([
    site,
    { ...waiting, othersFrom: at + 10 * MINUTE },
    brings,
  ]);
  expect(await leasesInForce(shelf, undefined, at + 10 * MINUTE)).toEqual([waiting]);
});

test('a shelf that fails does not keep a desk from giving leases', async () => {
  const broken = {
    read: () => Promise.reject(new Error('no disk')),
    write: () => Promise.reject(new Error('no disk')),
  };
  const desk = await openLeaseDesk(broken);
  expect(desk.grant(ask())).toMatchObject({ granted: true });
  await desk.settled();
  expect(desk.leasedOut('d-1 stack')).toBe(1);
});
