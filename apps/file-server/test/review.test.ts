import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { uuidv7 } from '@fr/protocol/ids';
import type { PassPreview, PassSummary } from '@fr/sync';
import { testFolder } from '@fr/test-harness/in-process';
import { expect, onTestFinished, test, vi } from 'vitest';
import { frAdmin, frAdminHere, frAdminJson, serveSite } from './support/fr-admin.ts';
import { reportTill, startVendor, type Vendor } from './support/vendor.ts';

// Several processes start in each test; a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000 });

interface Place {
  readonly url: string;
  readonly data: string;
  readonly vendor: Vendor;
  run(...words: readonly string[]): ReturnType<typeof frAdminHere>;
  json<T>(...words: readonly string[]): Promise<T>;
  /** Puts other rules in force. */
  rules(text: string): Promise<void>;
}

/** A site with a policy, its vendor, and the demand for packages that somebody approved already if so told. */
async function place(policyText: string): Promise<Place> {
  const folder = await testFolder();
  const policy = join(folder, 'policy.yaml');
  const data = join(folder, 'site');
  await writeFile(policy, `version: 1\noffer: [{ program: till }]\n${policyText}`);
  const vendor = await startVendor();
  const words = ['--data', data, '--policy', policy, '--upstream', vendor.url, '--sync-every', '24h'];
  const site = await serveSite(words, { FR_UPSTREAM_TOKEN: vendor.token });
  onTestFinished(() => site.kill());
  return {
    url: site.url,
    data,
    vendor,
    run: (...given) => frAdminHere([...given, '--data', data]),
    json: (...given) => frAdminJson([...given, '--data', data]),
    async rules(text) {
      await writeFile(policy, `version: 1\noffer: [{ program: till }]\n${text}`);
      await frAdminJson(['policy', 'reload', '--data', data]);
    },
  };
}

interface Sheet {
  readonly state: string;
  readonly seen: string;
  readonly held: { readonly entries: number; readonly types: readonly string[] };
}

test('a demand is shown whole before it is approved, and approved as it was seen or not at all', async () => {
  const { url, vendor, run, json, rules } = await place('');
  const types = [
    { type: 'packages', count: 2 },
    { type: 'core', count: 1 },
  ];
  vendor.ask({ id: 'd-1', types, reason: 'why\u001b[31m' });
  await rules('rules: [{ type: packages, action: allow }]\n');
  await json('sync');
  await reportTill(url, { stack: 'a stack', packages: 'left-pad 1' });
  await rules('rules: [{ type: core, action: deny }]\n');
  await json('sync');
  const shown = (await run('approve', 'd-1', '--show')).stdout;
  for (const words of [
    `asked by        vendor support, at ${vendor.url}`,
    'because         why\\u{1b}[31m',
    'about           program till; 1 bucket here, 1 hit',
    '2 × packages of each bucket: waits for you (default for packages)',
    '1 × core of each bucket: stays whatever you say (rule 1 (line 3): deny type core)',
    '1 held here leave with the next pass, up to its count: packages, 10 bytes',
    'packages (at most 65.5 KB)',
  ])
    expect(shown).toContain(words);
  const [before] = await json<readonly Sheet[]>('approve', 'd-1', '--show');
  expect(before).toMatchObject({ state: 'waiting', held: { entries: 1, types: ['packages'] } });
  // Between the look and the yes the vendor asks for more.
  vendor.ask({
    id: 'd-1',
    types: [...types, { type: 'environment', count: 9 }],
    version: Date.now() + 1_000,
  });
  await json('sync');
  const late = await run('approve', 'd-1', '--seen', before?.seen ?? '', '--by', 'kim');
  expect([late.code, late.stderr]).toEqual([
    1,
    expect.stringContaining('is not what you have seen any more'),
  ]);
  const [after] = await json<readonly Sheet[]>('approve', 'd-1', '--show');
  expect(await json('approve', 'd-1', '--seen', after?.seen.slice(0, 16) ?? '', '--by', 'kim')).toMatchObject(
    [{ state: 'approved', why: 'approved by kim; denied by the policy: core' }],
  );
  // And any change after it voids it.
  vendor.ask({ id: 'd-1', types, until: Date.now() + 2 * 86_400_000, version: Date.now() + 2_000 });
  await json('sync');
  expect(await json('approve', 'd-1', '--show')).toMatchObject([
    { state: 'waiting', why: expect.stringContaining('an earlier decision was about other terms') },
  ]);
});

interface Shown {
  readonly seen: string;
  readonly parts: readonly { readonly type: string; readonly redacted: boolean; readonly text?: string }[];
}

test('with review: entry each entry is shown byte for byte, and leaves as it was shown or not at all', async () => {
  const policy =
    'rules: [{ type: "*", action: allow }]\nreview: entry\nredact: [{ type: packages, texts: ["acme*"] }]\n';
  const { url, vendor, run, json, rules } = await place(policy);
  const types = ['stack', 'packages', 'minidump'].map((type) => ({ type, count: 3 }));
  vendor.ask({ id: 'd-1', types });
  await json('sync');
  const bytes = new Uint8Array([0, 77, 68, 77, 80, 255]);
  const entryId = await reportTill(url, {
    stack: 'at a\u001b[31m\r',
    packages: 'left-pad acme-crm',
    minidump: bytes,
  });
  const second = await reportTill(url, { stack: 'another' });
  expect((await json<PassSummary>('sync')).uploaded).toBe(0);
  const tested = (await run('policy', 'test', entryId)).stdout;
  expect(tested).toMatch(/^stack +LEAVES when it is asked for +rule 1 \(line 3\): allow type \*$/m);
  expect(tested).toContain(
    'the next pass would: await-approval (stack, packages, minidump): somebody has to',
  );
  expect((await run('review')).stdout).toContain(`${entryId}  waiting  till 1.4  totalOf in price.js`);
  const shown = (await run('review', entryId)).stdout;
  for (const words of [
    'at a\\u{1b}[31m\\u{d}\n',
    'left-pad [removed:policy]\n',
    '00 4d 44 4d 50 ff',
    'd-1, allowed by the policy',
  ])
    expect(shown).toContain(words);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
  expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
  const { seen } = await json<Shown>('review', entryId, '--without', 'minidump');
  // Other rules in between: what would leave is something else.
  await rules(policy.replace('acme*', 'left-pad'));
  const late = await run('review', 'approve', entryId, '--without', 'minidump', '--seen', seen);
  expect([late.code, late.stderr]).toEqual([1, expect.stringContaining('is not what you have seen')]);
  await rules(policy);
  await run('review', 'approve', entryId, '--without', 'minidump', '--seen', seen, '--by', 'kim');
  await run('review', 'deny', second, '--by', 'lee');
  expect((await run('review')).stdout).toMatch(/approved by kim[\s\S]*denied by lee/);
  const preview = await json<PassPreview>('preview');
  const raw = await json<{ readonly frame: string }>('review', entryId, '--raw', '--without', 'minidump');
  const { uploaded, headerBytes, payloadBytes } = await json<PassSummary>('sync');
  expect([uploaded, preview.headerBytes, preview.payloadBytes]).toEqual([1, headerBytes, payloadBytes]);
  const [frame = Buffer.of()] = vendor.entries;
  expect(frame.equals(Buffer.from(raw.frame, 'base64'))).toBe(true);
  expect(frame.toString('utf8')).toContain('left-pad [removed:policy]');
  expect(frame.includes('acme')).toBe(false);
  expect(frame.includes(Buffer.from(bytes))).toBe(false);
  expect((await run('preview')).stdout).toMatch(
    /would stay here:[\s\S]*lee looked at it and said that it stays/,
  );
});

test('a switch thrown while a pass is sending ends it: what was on its way may arrive, nothing more goes', async () => {
  const { url, data, vendor, json, run, rules } = await place('');
  vendor.ask({ id: 'd-1', types: [{ type: 'stack', count: 9 }] });
  await json('sync');
  for (const stack of ['one', 'two']) await reportTill(url, { stack });
  let thrown: Promise<void> | undefined;
  vendor.onEntry = () => {
    thrown = rules('send: off\n');
    return thrown;
  };
  const ended = await frAdmin(['sync', '--data', data]);
  // In force, it has ended the pass; only when the act is over is it recorded too, for commands that read the folder.
  await thrown;
  expect([ended.code, vendor.entries.length]).toEqual([1, 1]);
  const offers = vendor.offers.length;
  const again = await run('sync');
  expect([again.code, again.stderr]).toEqual([
    1,
    expect.stringContaining('switches sending off (send: off)'),
  ]);
  expect([vendor.offers.length, vendor.entries.length]).toEqual([offers, 1]);
  expect((await run('preview')).stdout).toBe(
    'nothing would leave: the policy says "send: off"; 2 entries wait here\n',
  );
  await rules('');
  vendor.onEntry = async () => undefined;
  expect((await json<PassSummary>('sync')).failure).toBeUndefined();
  expect(vendor.entries).toHaveLength(3);
});

test('the preview names the programs of which not a word is said', async () => {
  const { url, run } = await place('');
  await reportTill(url, { stack: 'one' });
  const bucket = { program: 'bank', programVersion: '1', module: 'bank', moduleVersion: '1', location: 'a' };
  const hits = [{ reportId: uuidv7(), bucket, count: 7, outcome: 'fatal', at: Date.now() }];
  const headers = { 'content-type': 'application/json' };
  await fetch(`${url}/v1/hits`, { method: 'POST', headers, body: JSON.stringify({ protocol: 1, hits }) });
  const { stdout } = await run('preview');
  expect(stdout).toMatch(
    /would be named to [\s\S]*till 1\.4[\s\S]*not a word would be said of[\s\S]*bank +1 +7\n/,
  );
});

test('the preview tells who has a lease to collect or to bring what is heavy, and until when', async () => {
  const { url, vendor, run, json } = await place('rules: [{ type: "*", action: allow }]\n');
  vendor.ask({ id: 'd-1', types: [{ type: 'heap-snapshot', count: 1 }] });
  await reportTill(url, { stack: 'one' });
  await json('sync');
  await json('sync');
  const [bucket] = (await json<{ rows: readonly { readonly bucketId: string }[] }>('buckets')).rows;
  const holder = uuidv7();
  const subject = { demandId: 'd-1', bucketId: bucket?.bucketId, type: 'heap-snapshot', count: 1 };
  const asks = ['collect', 'deliver'].map((purpose) => ({ ...subject, for: purpose }));
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ protocol: 1, holder, asks });
  expect((await fetch(`${url}/v1/leases`, { method: 'POST', headers, body })).status).toBe(200);
  const { stdout } = await run('preview');
  expect(stdout).toMatch(
    new RegExp(`leases in force:\n[^]*${holder} +may collect heap-snapshot +${subject.bucketId} `),
  );
  expect(stdout).toMatch(new RegExp(`${holder} +brings heap-snapshot `));
});
