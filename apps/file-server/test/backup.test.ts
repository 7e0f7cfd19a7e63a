import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describePart, MEDIA_TYPE, printFrame } from '@fr/protocol';
import { uuidv7 } from '@fr/protocol/ids';
import { newFolder, type TestFolder } from '@fr/test-harness';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { frAdminHere, frAdminJson, serveSite } from './support/fr-admin.ts';
import { TILL } from './support/vendor.ts';

let folder: TestFolder;
const inFolder = (name: string) => join(folder.path, name);

beforeEach(async () => {
  folder = await newFolder();
});

afterEach(async () => await folder.remove());

async function report(url: string): Promise<void> {
  const hit = { reportId: uuidv7(), bucket: TILL, count: 1, outcome: 'fatal', at: Date.now() };
  const reply = await fetch(`${url}/v1/hits`, {
    method: 'POST',
    headers: { 'content-type': MEDIA_TYPE.json },
    body: JSON.stringify({ protocol: 1, hits: [hit] }),
  });
  if (!reply.ok) throw new Error(await reply.text());
}

async function handIn(url: string, text: string): Promise<void> {
  const content = Buffer.from(text);
  const part = describePart('stack', 'text/plain', content);
  const ids = { entryId: uuidv7(), reportId: uuidv7() };
  const header = {
    ...ids,
    bucket: TILL,
    outcome: 'fatal' as const,
    at: Date.now(),
    demands: [],
    parts: [part],
  };
  const body = Buffer.from(await printFrame(header, [{ part, content }]));
  const headers = { 'content-type': MEDIA_TYPE.entry };
  const reply = await fetch(`${url}/v1/entries/${ids.entryId}`, { method: 'PUT', headers, body });
  expect(reply.status).toBe(201);
}

interface Listed {
  readonly hits: number;
  readonly entries: { readonly pending: number };
}

describe('fr-admin backup and restore', () => {
  test('beside a server that is being written to: a restored folder is served, shows and counts on', async () => {
    const server = await serveSite(['--data', inFolder('site')]);
    let reported = 0;
    let writing = true;
    const writers = [1, 2, 3].map(async () => {
      for (; writing; reported += 1) await report(server.url);
    });
    await handIn(server.url, 'at totalOf');
    while (reported < 20) await new Promise((resolve) => setTimeout(resolve, 5));
    const before = reported;
    const made = await frAdminJson(['backup', inFolder('backup'), '--data', inFolder('site')]);
    writing = false;
    await Promise.all(writers);
    await server.stop();
    expect(made).toMatchObject({ ok: true, entries: 1, damaged: [] });

    expect(await frAdminJson(['restore', inFolder('backup'), '--data', inFolder('again')])).toMatchObject({
      ok: true,
    });
    const key = (name: string) => stat(join(inFolder(name), 'server-key.pem')).then(({ size }) => size);
    expect(await key('again')).toBe(await key('site'));
    const again = await serveSite(['--data', inFolder('again')]);
    const buckets = async () =>
      (await frAdminJson<{ rows: readonly Listed[] }>(['buckets', '--data', inFolder('again')])).rows;
    const [row] = await buckets();
    expect(row?.hits).toBeGreaterThanOrEqual(before);
    expect(row?.hits).toBeLessThanOrEqual(reported);
    expect(row?.entries).toMatchObject({ pending: 1 });
    await report(again.url);
    const [after] = await buckets();
    expect(after?.hits).toBe((row?.hits ?? 0) + 1);
    expect(await frAdminJson(['verify', '--data', inFolder('again')])).toMatchObject({ ok: true });
    await again.stop();
  });

  test('refuse with one line what is not theirs', async () => {
    const server = await serveSite(['--data', inFolder('site')]);
    await server.stop();
    await frAdminJson(['backup', inFolder('backup'), '--data', inFolder('site')]);
    for (const [words, line] of [
      [
        ['backup', inFolder('backup'), '--data', inFolder('site')],
        /is not empty; choose a new or empty folder/,
      ],
      [['backup', inFolder('b2'), '--data', inFolder('nowhere')], /there is no store in/],
      [['restore', inFolder('backup'), '--data', inFolder('site')], /is not empty/],
      [['restore', inFolder('site'), '--data', inFolder('b3')], /holds no backup/],
      [['buckets', '--data', inFolder('backup')], /holds a backup, which `restore` makes a store of/],
    ] as const) {
      const { code, stdout, stderr } = await frAdminHere(words);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(line);
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    }
    expect((await frAdminHere(['backup', inFolder('b4')])).code).toBe(2);
  });
});

test('a server keeps few entries of a bucket, and says how many went', async () => {
  const server = await serveSite(['--data', inFolder('site'), '--keep', '10KB']);
  const metrics = async () => await (await fetch(`${server.url}/metrics`)).text();
  await handIn(server.url, 'a'.repeat(8_000));
  await handIn(server.url, 'b'.repeat(8_000));
  await expect
    .poll(metrics, { timeout: 10_000 })
    .toContain('fr_outcomes_total{of="entries",outcome="dropped",reason="retention-total"} 1');
  expect(await frAdminJson(['entries', '--data', inFolder('site')])).toMatchObject({ rows: [{}] });
  const doctor = await frAdminHere(['doctor', '--data', inFolder('site')]);
  expect(doctor.stdout).toContain('let go so far, by reason: 1 retention-total');
  expect((await frAdminHere(['step-back', '--data', inFolder('site')])).stderr).toMatch(
    /is served by process \d+/,
  );
  await server.stop();
  expect(await frAdminJson(['step-back', '--data', inFolder('site')])).toEqual({ version: 3 });
  const { code, stderr } = await frAdminHere(['serve', '--data', inFolder('x'), '--keep', 'much']);
  expect([code, stderr]).toEqual([2, expect.stringContaining('--keep "much" is not a size')]);
});
