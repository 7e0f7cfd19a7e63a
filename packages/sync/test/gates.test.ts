import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describePart } from '@fr/protocol';
import {
  DEFAULT_POLICY,
  type EntryReview,
  type Ledger,
  type LedgerRecord,
  ledgerSums,
  openLedger,
  type PassOptions,
  type Policy,
  previewPass,
  runPass,
} from '@fr/sync';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  bucket,
  bucketOf,
  contentOf,
  DAY,
  decisionOn,
  demandOf,
  headerOf,
  NOW,
  VENDOR,
  vendorKey,
} from './fixture.ts';
import { MemorySite } from './memory-site.ts';
import { MemoryVendor, RecordingDestination } from './memory-vendor.ts';

let folder: string;
let site: MemorySite;
let vendor: MemoryVendor;
let destination: RecordingDestination;
let ledger: Ledger;
let now: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fr-gates-'));
  site = new MemorySite();
  vendor = new MemoryVendor();
  destination = new RecordingDestination(vendor, site.diary);
  ledger = await openLedger(join(folder, 'ledger.jsonl'));
  now = NOW;
});
afterEach(async () => {
  await ledger.close();
  await rm(folder, { recursive: true });
});

function options(policy: Partial<Policy>, more: Partial<PassOptions> = {}): PassOptions {
  return {
    store: site,
    destination,
    policy: { ...DEFAULT_POLICY, ...policy },
    ledger,
    programs: ['shop'],
    pinned: vendorKey.keyId,
    to: VENDOR,
    now: () => {
      now += 1;
      return now;
    },
    ...more,
  };
}

const OTHER = bucketOf('shop', 'elsewhere');

/** The vendor wants ten stacks and ten package lists of everything in the shop. */
async function ask(): Promise<void> {
  const demand = demandOf([
    { type: 'stack', count: 10 },
    { type: 'packages', count: 10 },
  ]);
  vendor.demandsKept = [{ demand, source: 'own', seenAt: NOW }];
  site.hit(bucket);
  site.hit(OTHER);
  await runPass(options({}));
  site.approve('d-1', decisionOn(demand));
}

function frames(): readonly string[] {
  return [...vendor.entries.values()].map(({ frame }) => frame.toString('utf8'));
}

test('what the policy redacts does not leave; what leaves is announced as it is, and the preview says so', async () => {
  await ask();
  const header = headerOf(['stack', 'packages']);
  site.hit(bucket, header);
  const redact = [{ type: 'stack', texts: [`of ${header.entryId}`] }];
  const preview = await previewPass(options({ redact }));
  expect(preview.decisions).toMatchObject([{ verdict: 'upload', redacted: ['stack'] }]);
  const summary = await runPass(options({ redact }));
  expect(summary.decisions).toMatchObject([{ result: 'stored' }]);
  expect(summary.headerBytes).toBe(preview.headerBytes);
  expect(summary.payloadBytes).toBe(preview.payloadBytes);
  const [frame = ''] = frames();
  expect(frame).toContain('content of stack [removed:policy]');
  expect(frame).toContain(`content of packages of ${header.entryId}`);
  expect(frame).not.toContain(`content of stack of`);
  const { total } = await ledgerSums(ledger.records());
  expect([total.headerBytes, total.payloadBytes]).toEqual([
    destination.bytes.header,
    destination.bytes.payload,
  ]);
});

test.each([
  ['text/plain; charset=utf-16le', 'text/plain; charset=utf-16le'],
  ['text/plain', 'is not UTF-8'],
])('what would hide from a redaction by its encoding stays: %s', async (contentType, words) => {
  await ask();
  const content = Buffer.from('of Northwind', 'utf16le');
  const stack = headerOf(['stack']);
  const part = describePart('packages', contentType, content);
  site.hit(bucket, { ...stack, parts: [part] });
  site.entries.read = async () => ({
    entry: { header: { ...stack, parts: [part] }, state: 'pending', receipts: [] },
    parts: async function* () {
      yield { part, content };
    },
  });
  const kept = await runPass(options({ redact: [{ texts: 'Northwind' }] }));
  expect(kept.decisions).toMatchObject([{ verdict: 'keep', reason: expect.stringContaining(words) }]);
  expect(vendor.entries.size).toBe(0);
});

test('what cannot be looked into stays while a redaction is about it, and goes when none is', async () => {
  await ask();
  const stack = headerOf(['stack']);
  const part = describePart('packages', 'application/octet-stream', contentOf(stack.entryId, 'packages'));
  site.hit(bucket, { ...stack, parts: [...stack.parts, part] });
  const kept = await runPass(options({ redact: [{ keys: 'host' }] }));
  expect(kept.decisions).toMatchObject([
    { verdict: 'keep', reason: expect.stringContaining('packages is application/octet-stream') },
  ]);
  expect(vendor.entries.size).toBe(0);
  const went = await runPass(options({ redact: [{ type: 'stack', keys: 'host' }] }));
  expect(went.decisions).toMatchObject([{ result: 'stored' }]);
});

test('caps hold: one entry, entries of a bucket, bytes in a day; and let go when the day is over', async () => {
  await ask();
  for (const where of [bucket, bucket, bucket, OTHER])
    site.hit(where, headerOf(['stack', 'packages'], where));
  const tooLarge = await runPass(options({ caps: { entryBytes: 300 } }));
  expect(tooLarge.decisions.map(({ verdict }) => verdict)).toEqual(['keep', 'keep', 'keep', 'keep']);
  expect(tooLarge.decisions[0]?.reason).toMatch(/cap on one entry is 300 bytes/);
  const counted = options({ caps: { entriesPerBucket: 1 } });
  expect((await previewPass(counted)).decisions.map(({ verdict }) => verdict)).toEqual([
    'upload',
    'keep',
    'keep',
    'upload',
  ]);
  expect((await runPass(counted)).uploaded).toBe(2);
  expect((await runPass(counted)).decisions.map(({ reason }) => reason)).toEqual(
    Array.from({ length: 2 }, () => "1 of this bucket have left, the policy's cap is 1"),
  );
  const left = ledger.sent.bytesInDay(now);
  const caps = { bytesPerDay: left + 1_500 };
  const full = await runPass(options({ caps }));
  expect(full.uploaded).toBe(1);
  expect(full.decisions.at(-1)?.reason).toMatch(/^not now: the policy's cap is .* in 24 hours/);
  expect(ledger.sent.bytesInDay(now)).toBeLessThanOrEqual(caps.bytesPerDay);
  // Not even an offer leaves above it.
  const before = destination.bytes.header;
  const none = await runPass(options({ caps: { bytesPerDay: left } }));
  expect([none.failure?.code, destination.bytes.header]).toEqual(['over-cap', before]);
  now += DAY;
  expect((await runPass(options({ caps }))).uploaded).toBe(1);
});

test('caps and the count of the day are kept over a restart', async () => {
  await ask();
  site.hit(bucket, headerOf(['stack', 'packages']));
  await runPass(options({}));
  const spent = [ledger.sent.bytesInDay(now), ledger.sent.entriesOfBucket(vendorBucket(), '')];
  expect(spent[1]).toBe(1);
  expect(spent[0]).toBe(destination.bytes.header + destination.bytes.payload);
  await ledger.close();
  ledger = await openLedger(join(folder, 'ledger.jsonl'));
  expect([ledger.sent.bytesInDay(now), ledger.sent.entriesOfBucket(vendorBucket(), '')]).toEqual(spent);
});

function vendorBucket(): string {
  return [...vendor.totals.keys()][0]?.split(' ')[2] ?? '';
}

test.each([
  ['send: off', { send: 'off' }],
  ['everything: off', { everything: 'off' }],
] as const)('while the policy says %s not a byte leaves, not even an offer', async (words, policy) => {
  await ask();
  site.hit(bucket, headerOf(['stack']));
  const before = { ...destination.bytes };
  const summary = await runPass(options(policy));
  expect(summary.failure).toMatchObject({ code: 'switched-off', message: expect.stringContaining(words) });
  expect(destination.bytes).toEqual(before);
  const preview = await previewPass(options(policy));
  expect([preview.switchedOff, preview.headerBytes, preview.decisions[0]?.reason]).toEqual([
    words,
    0,
    `the policy switches sending off (${words})`,
  ]);
});

function review(
  header: ReturnType<typeof headerOf>,
  types: readonly string[],
  more: Partial<EntryReview> = {},
): EntryReview {
  const parts = header.parts.filter(({ type }) => types.includes(type));
  return {
    decision: 'approved',
    parts: Object.fromEntries(parts.map(({ type, sha256 }) => [type, sha256])),
    to: VENDOR,
    by: 'kim',
    at: NOW,
    ...more,
  };
}

test('review: entry holds each entry until somebody has looked at it, and lets go only what was looked at', async () => {
  await ask();
  const headers = [0, 1, 2, 3].map(() => headerOf(['stack', 'packages']));
  for (const header of headers) site.hit(bucket, header);
  const [first, second, third, fourth] = headers;
  if (!first || !second || !third || !fourth) throw new Error('four were made');
  const waiting = await runPass(options({ review: 'entry' }));
  expect(waiting.decisions.map(({ verdict, gate }) => [verdict, gate])).toEqual(
    headers.map(() => ['await-approval', 'review']),
  );
  const reviews = new Map([
    [first.entryId, review(first, ['stack'])],
    [second.entryId, review(second, [], { decision: 'denied' })],
    [third.entryId, review(third, ['stack', 'packages'], { to: 'https://other.example' })],
    [fourth.entryId, review(fourth, ['stack', 'packages'])],
  ]);
  const reviewed = options(
    // Redacted after it was looked at: what would leave is something else now.
    { review: 'entry', redact: [{ type: 'packages', texts: fourth.entryId }] },
    { reviews: (entryId) => reviews.get(entryId) },
  );
  const { decisions } = await runPass(reviewed);
  expect(decisions).toMatchObject([
    { verdict: 'upload', types: ['stack'], result: 'stored', approvedBy: ['admin', 'kim'] },
    { verdict: 'refuse', reason: 'kim looked at it and said that it stays' },
    { verdict: 'await-approval', gate: 'review' },
    { verdict: 'keep', reason: expect.stringContaining('no longer what was looked at') },
  ]);
  expect(frames().join('')).not.toContain('content of packages');
});

test('the ledger says who approved, and why each entry left', async () => {
  await ask();
  const header = headerOf(['stack', 'packages']);
  site.hit(bucket, header);
  await runPass(options({}));
  const records: LedgerRecord[] = [];
  for await (const record of ledger.records()) records.push(record);
  expect(records.filter(({ kind }) => kind === 'entry')).toMatchObject([
    {
      approvedBy: ['admin'],
      why: expect.stringMatching(/stack is allowed .*packages was approved by admin/),
    },
  ]);
  expect((await ledger.verify()).ok).toBe(true);
});
