import { copyFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EntryHeader, readFrame, type SignedVendorAnswer } from '@fr/protocol';
import { uuidv7 } from '@fr/protocol/ids';
import {
  checkSeal,
  fingerprint,
  generateSigningKey,
  issueToken,
  signSuccession,
  signVendorAnswer,
  tokenHash,
} from '@fr/protocol/signature';
import { readBundle } from '@fr/protocol/wire';
import {
  createDemand,
  createHeardAnswers,
  DEFAULT_POLICY,
  type EnrolledSite,
  enrolAnew,
  exportBundle,
  type ImportBundleOptions,
  importBundle,
  importReply,
  knownVendorKeys,
  type Ledger,
  ledgerSums,
  openLedger,
  type Policy,
  writeReply,
} from '@fr/sync';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bucket, bucketOf, DAY, headerOf, id, NOW, VENDOR, vendorKey } from './fixture.ts';
import { MemorySite } from './memory-site.ts';
import { MemoryVendor } from './memory-vendor.ts';

const OPEN: Policy = { ...DEFAULT_POLICY, rules: [{ type: '*', action: 'allow' }] };
const siteKey = generateSigningKey();
const hash = tokenHash(issueToken('frs', vendorKey.keyId));

let folder = '';
let ledger: Ledger;
let site = new MemorySite();
let vendor = new MemoryVendor();
let sites: readonly EnrolledSite[] = [];
let pins = new Map<string, readonly string[]>();
let origins = new Set<string>();
let settings = new Map<string, unknown>();
let heard = createHeardAnswers(ports());
let now = NOW;
let answers: readonly SignedVendorAnswer[] = [];

function ports() {
  return {
    read: async (name: string) => settings.get(name),
    write: async (name: string, value: unknown) => void settings.set(name, value),
  };
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fr-bundle-'));
  ledger = await openLedger(join(folder, 'ledger.jsonl'));
  site = new MemorySite();
  vendor = new MemoryVendor();
  sites = [{ name: 'north', hash }];
  pins = new Map();
  origins = new Set();
  settings = new Map();
  heard = createHeardAnswers(ports());
  now = NOW;
  answers = [];
});

afterEach(async () => {
  await ledger.close();
  await rm(folder, { recursive: true });
});

/** Stores frames as a vendor's store does. */
const add: ImportBundleOptions['add'] = async (frame, gate) => {
  let header: EntryHeader | undefined;
  let digest = '';
  const chunks: Uint8Array[] = [];
  async function* kept() {
    for await (const chunk of frame) {
      chunks.push(Uint8Array.from(chunk));
      yield chunk;
    }
  }
  for await (const piece of readFrame(kept())) {
    if (piece.kind === 'header') {
      header = piece.header;
      const known = vendor.entries.get(header.entryId);
      if (known) return { result: 'duplicate', entry: known };
      const verdict = await gate(header);
      if (!verdict.admit) return { result: 'refused', reason: verdict.reason };
      for (const { demandId, scope, type } of verdict.credits) {
        const key = `${demandId} ${scope} ${type}`;
        const accepted = (vendor.creditsKept.get(key)?.accepted ?? 0) + 1;
        vendor.creditsKept.set(key, { demandId, scope, type, accepted });
      }
    }
    if (piece.kind === 'end') digest = piece.digest;
  }
  if (!header) throw new Error('no header');
  const entry = { header, digest, frame: Buffer.concat(chunks) };
  vendor.entries.set(header.entryId, entry);
  return { result: 'stored', entry };
};

let files = 0;
function file(): string {
  files += 1;
  return join(folder, `bundle-${files}`);
}

function carry(policy: Policy = OPEN, more: object = {}) {
  return exportBundle({
    store: site,
    ledger,
    policy,
    programs: ['shop'],
    to: VENDOR,
    now: () => now,
    key: siteKey,
    hash,
    bundleId: uuidv7(),
    file: file(),
    ...more,
  });
}

function arrive(path: string, more: Partial<ImportBundleOptions> = {}) {
  return importBundle({
    file: path,
    store: vendor,
    sites,
    siteKeys: {
      of: async (token) => pins.get(token) ?? [],
      pin: async (token, known) => void pins.set(token, known),
    },
    origins: { note: async (_site, origin) => void origins.add(origin), of: async () => [...origins] },
    add,
    now: () => now,
    ...more,
  });
}

async function reply(path: string): Promise<string> {
  const taken = await arrive(path);
  const into = file();
  now += 1;
  await writeReply({ file: into, store: vendor, key: vendorKey, bundleId: uuidv7(), answers, now }, taken);
  return into;
}

function takeReply(path: string, more: object = {}) {
  return importReply({
    file: path,
    store: site,
    ledger,
    policy: OPEN,
    programs: ['shop'],
    pinned: vendorKey.keyId,
    to: VENDOR,
    now: () => now,
    hash,
    heard,
    ...more,
  });
}

/** Everything that an import could change, as text. */
function vendorState(): string {
  const { totals, demandsKept, creditsKept, entries } = vendor;
  return JSON.stringify([
    [...totals],
    demandsKept,
    [...creditsKept],
    [...entries.keys()],
    [...pins],
    [...origins],
  ]);
}

function siteState(): string {
  const { demandsKept, quotasKept, settingsKept } = site;
  return JSON.stringify([
    site.states(),
    demandsKept,
    quotasKept,
    [...settingsKept],
    [...settings],
    ledger.sent.bytesInDay(now),
  ]);
}

/** Once there and back, so that the vendor's demands are known at the site. */
async function introduce(): Promise<void> {
  await takeReply(await reply((await carry()).file));
}

async function refuses(path: string, why: string | RegExp, more: object = {}): Promise<void> {
  const before = vendorState();
  await expect(arrive(path, more)).rejects.toMatchObject({
    code: 'bad-bundle',
    message: expect.stringMatching(why),
  });
  expect(vendorState()).toBe(before);
}

async function refusesReply(path: string, why: string | RegExp, more: object = {}): Promise<void> {
  const before = siteState();
  await expect(takeReply(path, more)).rejects.toMatchObject({
    code: 'bad-bundle',
    message: expect.stringMatching(why),
  });
  expect(siteState()).toBe(before);
}

describe('a bundle', () => {
  test('brings totals and entries there, and receipts, demands and answers back; taken again it changes nothing', async () => {
    site.hit(bucket);
    site.hit(bucketOf('secret'));
    await introduce();
    expect([...vendor.totals.values()].map((total) => total.bucket.program)).toEqual(['shop']);
    expect(site.demandsKept.map(({ demand }) => demand.terms.id)).toEqual(['vendor-default']);
    site.hit(bucket, headerOf(['stack', 'packages']));
    const text = { id: 'a-1', version: now, pattern: { bucketId: id }, text: 'Known.', until: now + DAY };
    answers = [signVendorAnswer(text, vendorKey)];
    const carried = await carry();
    expect(carried).toMatchObject({ buckets: 1, entries: 1, verdicts: { upload: 1 } });
    const back = await reply(carried.file);
    expect([...vendor.entries.values()].map(({ header }) => header.parts.map(({ type }) => type))).toEqual([
      ['stack'],
    ]);
    expect(await takeReply(back)).toMatchObject({
      delivered: 1,
      notNeeded: 0,
      refused: 0,
      demands: 1,
      answers: 1,
    });
    expect(site.states()).toEqual(['uploaded']);
    expect((await heard.list()).map(({ answer }) => answer.terms.text)).toEqual(['Known.']);
    const [before, then] = [vendorState(), siteState()];
    expect((await arrive(carried.file)).receipts).toMatchObject([{ result: 'duplicate' }]);
    expect(await takeReply(back)).toMatchObject({ delivered: 0, known: 1 });
    expect([vendorState(), siteState()]).toEqual([before, then]);
    expect(await carry()).toMatchObject({ buckets: 0, entries: 0 });
  });

  test('is in the ledger to the byte, before it is in the file', async () => {
    site.hit(bucket);
    await introduce();
    for (let count = 0; count < 450; count++) site.hit(bucketOf('shop', `at${count}`));
    site.hit(bucket, headerOf(['stack']));
    const sums = async () => (await ledgerSums(ledger.records())).total;
    const before = await sums();
    const { file: path, bytes, headerBytes, payloadBytes } = await carry();
    const after = await sums();
    expect((await stat(path)).size).toBe(bytes);
    expect(headerBytes + payloadBytes).toBe(bytes);
    expect(after.headerBytes - before.headerBytes).toBe(headerBytes);
    expect(after.payloadBytes - before.payloadBytes).toBe(payloadBytes);
    expect(payloadBytes).toBeGreaterThan(0);
  });

  test('that is lost costs nothing: the next one has its content; and their order does not matter', async () => {
    site.hit(bucket);
    await introduce();
    site.hit(bucket, headerOf(['stack']));
    const lost = await carry();
    site.hit(bucketOf('shop', 'other.js'), headerOf(['stack'], bucketOf('shop', 'other.js')));
    const next = await carry();
    expect(next).toMatchObject({ buckets: 2, entries: 1 });
    const third = await carry();
    const back = await reply(third.file);
    await arrive(next.file);
    const state = vendorState();
    await arrive(lost.file);
    expect(vendorState()).toBe(state);
    expect(vendor.totals.get([...vendor.totals.keys()].find((key) => key.endsWith(id)) ?? '')?.hits).toBe(2);
    expect(await takeReply(back)).toMatchObject({ delivered: 1 });
    expect((await carry()).buckets).toBe(0);
    expect(site.states().filter((state) => state === 'uploaded')).toHaveLength(1);
  });

  test('carries no more than was asked for, however many are written without a reply', async () => {
    site.hit(bucket);
    await introduce();
    for (let count = 0; count < 5; count++) {
      site.hit(bucket, headerOf(['stack']));
      expect((await carry()).entries).toBe(1);
    }
    expect(ledger.sent.count('vendor-default', 'stack', id, '')).toBe(1);
  });

  test('passes through the gates of a pass: switches, rules, approvals, reviews, caps and windows', async () => {
    site.hit(bucket);
    await introduce();
    const asked = {
      pattern: { bucketId: id },
      types: [{ type: 'packages', count: 9 }],
      reason: 'x',
      author: 'kim',
    };
    await createDemand({ ...asked, key: vendorKey, store: vendor, now, id: 'd-p' });
    for (let count = 0; count < 3; count++) site.hit(bucket, headerOf(['packages']));
    await introduce();
    for (const kept of site.kept.values()) kept.state = 'pending';
    site.hit(bucket, headerOf(['packages']));
    const fresh = async (policy: Policy) => (await carry(policy)).verdicts;
    expect(await fresh(DEFAULT_POLICY)).toEqual({ 'await-approval': 4 });
    expect(await fresh({ ...DEFAULT_POLICY, rules: [{ type: 'packages', action: 'deny' }] })).toEqual({
      refuse: 4,
    });
    expect(await fresh({ ...OPEN, review: 'entry' })).toEqual({ 'await-approval': 4 });
    expect(await fresh({ ...OPEN, caps: { entryBytes: 10 } })).toEqual({ keep: 4 });
    const left = ledger.sent.bytesInDay(now);
    const full = await fresh({ ...OPEN, caps: { bytesPerDay: left + 2_000 } });
    expect(full.upload).toBeGreaterThan(0);
    expect(full.keep).toBeGreaterThan(0);
    expect(ledger.sent.bytesInDay(now)).toBeLessThanOrEqual(left + 2_000);
    for (const off of [{ send: 'off' }, { everything: 'off' }, { schedule: shutNow() }] as const) {
      const before = ledger.sent.bytesInDay(now);
      await expect(carry({ ...OPEN, ...off })).rejects.toMatchObject({ name: 'SyncError' });
      expect(ledger.sent.bytesInDay(now)).toBe(before);
    }
  });

  test('carries nothing of a demand from so many hits on until the vendor counts as many', async () => {
    site.hit(bucket, headerOf(['packages']));
    const asked = {
      pattern: { bucketId: id },
      types: [{ type: 'packages', count: 1 }],
      reason: 'x',
      author: 'kim',
    };
    const when = { hits: { atLeast: 3 } };
    await createDemand({ ...asked, when, key: vendorKey, store: vendor, now, id: 'd-h' });
    await introduce();
    expect(site.demandsKept.map(({ demand }) => demand.terms.id)).toContain('d-h');
    expect((await carry()).entries).toBe(0);
    for (let count = 0; count < 2; count++) site.hit(bucket);
    await introduce();
    expect((await carry()).entries).toBe(1);
  });

  test('without any reply ever carries what the site has written into its policy, once, and all totals each time', async () => {
    const standing = [{ program: 'sh*', type: ['stack', 'packages'], count: 2 }];
    const policy: Policy = { ...DEFAULT_POLICY, standing };
    for (let count = 0; count < 4; count++) site.hit(bucket, headerOf(['stack', 'packages', 'breadcrumbs']));
    const first = await carry(policy, { oneWay: true });
    expect(first).toMatchObject({ buckets: 1, entries: 2 });
    expect(await carry(policy, { oneWay: true })).toMatchObject({ buckets: 1, entries: 0 });
    expect(site.states()).toEqual(['uploaded', 'uploaded', 'pending', 'pending']);
    await arrive(first.file);
    expect([...vendor.entries.values()].map(({ header }) => header.parts.map(({ type }) => type))).toEqual([
      ['stack', 'packages'],
      ['stack', 'packages'],
    ]);
    const denied: Policy = { ...policy, rules: [{ type: 'packages', action: 'deny' }] };
    expect(standing[0]?.count).toBe(2);
    site.hit(bucketOf('shop', 'x'), headerOf(['packages'], bucketOf('shop', 'x')));
    expect((await carry(denied, { oneWay: true })).entries).toBe(0);
  });

  test('does not replace a file that is there', async () => {
    const path = file();
    await writeFile(path, 'mine');
    await expect(carry(OPEN, { file: path })).rejects.toThrow('there already');
    expect(await readFile(path, 'utf8')).toBe('mine');
  });
});

/** A window that is not open now, wherever this runs. */
function shutNow() {
  const hour = (new Date(now).getHours() + 3) % 24;
  const two = (value: number) => String(value % 24).padStart(2, '0');
  return [{ from: `${two(hour)}:00`, to: `${two(hour + 1)}:00` }];
}

describe('a bundle is refused with the reason, and changes nothing, that', () => {
  let good = '';
  let back = '';

  beforeEach(async () => {
    site.hit(bucket);
    await introduce();
    site.hit(bucket, headerOf(['stack']));
    const carried = await carry();
    // The reply is made by another import, so that the vendor here has not seen the bundle.
    const [before, demands] = [new Map(vendor.totals), vendor.demandsKept];
    back = await reply(carried.file);
    vendor.entries.clear();
    vendor.creditsKept.clear();
    vendor.totals.clear();
    for (const [key, total] of before) vendor.totals.set(key, { ...total });
    vendor.demandsKept = demands;
    good = carried.file;
  });

  test('is cut off anywhere', async () => {
    const [whole, path] = [await readFile(good), file()];
    for (let length = 0; length < whole.length; length++) {
      await writeFile(path, whole.subarray(0, length));
      await refuses(path, /refused \(malformed\)/);
    }
    const answer = await readFile(back);
    for (let length = 0; length < answer.length; length += 7) {
      await writeFile(path, answer.subarray(0, length));
      await refusesReply(path, /refused \(malformed\)/);
    }
    await writeFile(path, Buffer.concat([whole, Buffer.from('\n')]));
    await refuses(path, 'behind the end');
  });

  test('has a bit flipped anywhere', async () => {
    for (const [path, key] of [
      [good, siteKey.keyId],
      [back, vendorKey.keyId],
    ] as const) {
      const whole = await readFile(path);
      let taken = 0;
      for (let bit = 0; bit < whole.length * 8; bit++) {
        const altered = Buffer.from(whole);
        altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        if (await isBelieved(altered, key)) taken += 1;
      }
      expect(taken).toBe(0);
      expect(await isBelieved(whole, key)).toBe(true);
    }
    const whole = await readFile(good);
    const path = file();
    for (let at = 0; at < whole.length; at += 11) {
      const altered = Buffer.from(whole);
      altered[at] = (altered[at] ?? 0) ^ (1 << (at & 7));
      await writeFile(path, altered);
      await refuses(path, /refused/);
    }
  });

  test('comes from elsewhere, or goes elsewhere', async () => {
    await refuses(good, 'no site that is enrolled', { sites: [] });
    const other = tokenHash(issueToken('frs', vendorKey.keyId));
    await refuses(good, 'no site that is enrolled', { sites: [{ name: 'south', hash: other }] });
    await refuses(back, 'this is a reply');
    await refusesReply(good, 'this is not a reply');
    await refusesReply(back, 'another site', { hash: other });
    await refusesReply(back, 'foreign-key', { pinned: siteKey.keyId });
    const folderOfAnother = new MemorySite();
    await refusesReply(back, 'another folder', { store: folderOfAnother });
  });

  test('is sealed by another key than the site has introduced itself with, or without its token', async () => {
    const [stranger, thief] = [file(), file()];
    await carry(OPEN, { key: generateSigningKey(), file: stranger });
    await refuses(stranger, 'foreign-key');
    const other = tokenHash(issueToken('frs', vendorKey.keyId));
    await carry(OPEN, { hash: other, file: thief });
    // The mark of the right site, sealed without its token.
    const text = (await readFile(thief)).toString('latin1');
    await writeFile(thief, text, 'latin1');
    await refuses(thief, 'no site that is enrolled');
  });

  test('is too old, or comes from the future', async () => {
    const then = now;
    now = then + 401 * DAY;
    await refuses(good, 'older than 400 days');
    now = then - 3 * DAY;
    await refuses(good, 'from the future');
  });

  test('answers what a later reply has answered', async () => {
    const later = await reply((await carry()).file);
    await takeReply(later);
    await refusesReply(back, 'a newer reply');
  });

  test('is no file, or no bundle', async () => {
    const path = file();
    await writeFile(path, 'fr-entry 1\n{}\n');
    await refuses(path, 'not "fr-bundle"');
    await writeFile(path, 'fr-bundle 2\n{}\n');
    await refuses(path, 'unsupported-version');
    await writeFile(path, '');
    await refuses(path, 'malformed');
    await copyFile(good, path);
    expect((await arrive(path)).summary).toMatchObject({ stored: 1 });
  });
});

describe('keys that give way', () => {
  const next = generateSigningKey();
  const later = { ...next, succession: [signSuccession(siteKey, next, NOW)] };

  test('a site seals with another key: its chain is followed, and a bundle sealed before is refused afterwards', async () => {
    await arrive((await carry()).file);
    const before = (await carry()).file;
    await refuses((await carry(OPEN, { key: next })).file, 'foreign-key');
    const spoilt = [{ ...signSuccession(siteKey, next, NOW), at: NOW + 1 }];
    await refuses((await carry(OPEN, { key: { ...next, succession: spoilt } })).file, 'bad-succession');
    expect((await arrive((await carry(OPEN, { key: later })).file)).summary.site).toBe('north');
    await refuses(before, 'retired-key');
    expect(pins.get(hash)).toEqual([siteKey.keyId, next.keyId]);
  });

  test('a vendor seals with another key: the site follows, keeps what was asked for, and takes no earlier reply', async () => {
    site.hit(bucket);
    await introduce();
    const early = await reply((await carry()).file);
    now += 1;
    const taken = await arrive((await carry()).file);
    const into = file();
    const key = { ...next, succession: [signSuccession(vendorKey, next, now)] };
    await writeReply({ file: into, store: vendor, key, bundleId: uuidv7(), answers: [], now }, taken);
    const open = () => site.demandsKept.filter(({ closedAt }) => closedAt === undefined).length;
    const asked = open();
    expect(await takeReply(into)).toMatchObject({ rejected: [] });
    expect(open()).toBe(asked);
    expect(await knownVendorKeys(site.settings, vendorKey.keyId)).toEqual([vendorKey.keyId, next.keyId]);
    await refusesReply(early, 'retired-key');
  });

  test('a token with another pin drops what the key before had asked for; one that was followed does not', async () => {
    site.hit(bucket);
    await introduce();
    const to = { to: VENDOR, now };
    const open = () => site.demandsKept.filter(({ closedAt }) => closedAt === undefined).length;
    await enrolAnew(site, { pinned: vendorKey.keyId, ...to });
    expect(open()).toBeGreaterThan(0);
    await enrolAnew(site, { pinned: next.keyId, ...to });
    expect(open()).toBe(0);
  });
});

/** Whether these bytes are a bundle whose seal holds. */
async function isBelieved(bytes: Buffer, pinned: string): Promise<boolean> {
  async function* once() {
    yield bytes;
  }
  let key = '';
  try {
    for await (const piece of readBundle(once())) {
      if (piece.kind === 'head') key = piece.head.key;
      if (piece.kind === 'end')
        return fingerprint(key) === pinned && checkSeal(piece.seal, { publicKey: key, hash }) === undefined;
    }
  } catch {
    return false;
  }
  return false;
}
