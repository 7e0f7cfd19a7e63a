import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DEFAULT_POLICY,
  nextOpening,
  openLedger,
  openWindow,
  type Policy,
  parsePolicy,
  runPass,
  type SendWindow,
  shutWindow,
  type WallTime,
} from '@fr/sync';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { bucket, headerOf, VENDOR, vendorKey } from './fixture.ts';
import { MemorySite } from './memory-site.ts';
import { MemoryVendor, RecordingDestination } from './memory-vendor.ts';

const MINUTE = 60_000;
/** A wall in a place where the week begins with the clock, on a Sunday. */
const wall = (at: number): WallTime => ({
  day: Math.floor(at / (1440 * MINUTE)) % 7,
  minute: Math.floor(at / MINUTE) % 1440,
});
const moment = (day: number, hour: number, minute = 0): number => ((day * 24 + hour) * 60 + minute) * MINUTE;

const NIGHTS: SendWindow = { days: ['mon', 'fri'], from: '22:00', to: '05:00', bytes: 1_000 };

const time = fc
  .nat(1439)
  .map(
    (minute) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`,
  );
const window: fc.Arbitrary<SendWindow> = fc.record(
  {
    days: fc.uniqueArray(fc.constantFrom('sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'), { minLength: 1 }),
    from: time,
    to: time,
    bytes: fc.nat(10_000),
  },
  { requiredKeys: ['from', 'to'] },
);

describe('a schedule', () => {
  test.each([
    [1, 21, 59, undefined],
    [1, 22, 0, moment(1, 22)],
    [2, 4, 59, moment(1, 22)],
    [2, 5, 0, undefined],
    [2, 22, 0, undefined],
    [6, 0, 30, moment(5, 22)],
    [1, 3, 0, undefined],
  ])('says on day %i at %i:%i since when a window is open: %s', (day, hour, minute, since) => {
    expect(openWindow([NIGHTS], moment(7 + day, hour, minute), wall)?.since).toBe(
      since === undefined ? undefined : since + moment(7, 0),
    );
  });

  test('opens next where it says, and is open then', () => {
    expect(nextOpening([NIGHTS], moment(2, 12), wall)).toBe(moment(5, 22));
    expect(nextOpening([NIGHTS], moment(5, 23), wall)).toBe(moment(5, 23));
    expect(nextOpening([], moment(2, 12), wall)).toBeUndefined();
    const windows = fc.array(window, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(windows, fc.nat(moment(14, 0)), (some, at) => {
        const next = nextOpening(some, at, wall);
        const open = openWindow(some, at, wall);
        expect(next === at).toBe(open !== undefined);
        expect(openWindow(some, next ?? 0, wall)).toBeDefined();
        if (next !== undefined && next > at + MINUTE)
          expect(openWindow(some, next - MINUTE, wall)).toBeUndefined();
        // Never further back than the ledger counts.
        if (open) expect(at - open.since).toBeLessThan(24 * 60 * MINUTE);
      }),
      { numRuns: 300 },
    );
  });

  test('lets no more leave in one window than it says, the widest of several holding', () => {
    const sent = { bytesSince: (since: number) => (since === moment(8, 22) ? 900 : 0) };
    const ask = (bytes: number, windows: readonly SendWindow[] = [NIGHTS]) =>
      shutWindow(windows, { at: moment(8, 23), bytes, sent }, wall);
    expect(ask(100)).toBeUndefined();
    expect(ask(101)).toContain('900 bytes have left');
    expect(ask(101, [NIGHTS, { from: '00:00', to: '00:00' }])).toBeUndefined();
    expect(shutWindow([NIGHTS], { at: moment(9, 12), bytes: 0, sent }, wall)).toContain('it opens fri 22:00');
    expect(shutWindow(undefined, { at: 0, bytes: 1e9, sent }, wall)).toBeUndefined();
    expect(shutWindow([], { at: 0, bytes: 1e9, sent }, wall)).toBeUndefined();
  });

  test('is read from a policy, and a slip in it is named', () => {
    const parsed = parsePolicy(
      'version: 1\nschedule:\n  - { days: [mon, fri], from: 22:00, to: 05:00, bytes: 1 kB }\n  - { days: sun, from: "00:00", to: "00:00" }\n',
    );
    expect(parsed).toMatchObject({
      policy: { schedule: [NIGHTS, { days: 'sun', from: '00:00', to: '00:00' }] },
    });
    for (const [slip, word] of [
      ['{ days: monday, from: 22:00, to: 05:00 }', 'mon'],
      ['{ from: 22, to: 05:00 }', '22:00'],
      ['{ from: 25:00, to: 05:00 }', 'time of the day'],
      ['{ from: 22:00 }', 'until when'],
    ] as const) {
      expect(JSON.stringify(parsePolicy(`version: 1\nschedule:\n  - ${slip}\n`))).toContain(word);
    }
  });

  test('holds for a whole pass: outside it not even an offer leaves, and inside no more than its bytes', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fr-window-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const ledger = await openLedger(join(folder, 'ledger.jsonl'));
    const site = new MemorySite();
    for (let count = 0; count < 5; count++) site.hit(bucket, headerOf(['stack']));
    const destination = new RecordingDestination(new MemoryVendor());
    let now = new Date(2026, 10, 23, 12).getTime();
    const run = (schedule: Policy['schedule'] & object) =>
      runPass({
        store: site,
        destination,
        ledger,
        policy: { ...DEFAULT_POLICY, schedule },
        programs: ['shop'],
        pinned: vendorKey.keyId,
        to: VENDOR,
        now: () => now,
      });
    const shut = await run([{ from: '13:00', to: '14:00' }]);
    expect(shut).toMatchObject({ offered: 0, failure: { code: 'not-now' } });
    expect(shut.failure?.message).toContain('13:00');
    expect(destination.bytes).toEqual({ header: 0, payload: 0 });
    now += 90 * MINUTE;
    const open = await run([{ from: '13:00', to: '14:00', bytes: 2_000 }]);
    expect(open.offered).toBe(1);
    expect(destination.bytes.header + destination.bytes.payload).toBeLessThanOrEqual(2_000);
    expect(destination.bytes.header).toBeGreaterThan(0);
    await ledger.close();
  });
});
