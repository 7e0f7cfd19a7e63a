import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { uuidv7 } from '@fr/protocol/ids';
import { testFolder } from '@fr/test-harness/in-process';
import { expect, test } from 'vitest';
import { frAdmin, frAdminHere, frAdminJson, serveSite } from './support/fr-admin.ts';

test('doctor tells what reporters have given up, by reason and once, and so does the administration over HTTP', async () => {
  const folder = await testFolder();
  const served = await serveSite(['--data', folder]);
  try {
    expect((await frAdminHere(['doctor', '--data', folder])).stdout).not.toContain('note');
    const reportId = uuidv7();
    const counts = [
      { reason: 'spool-full', count: 20 },
      { reason: 'too-old', count: 3 },
      { reason: 'unseen', count: 7 },
      { reason: 'invented-later', count: 1 },
    ];
    for (let attempt = 0; attempt < 2; attempt++) await tell(served.url, { reportId, counts });
    const running = await frAdmin(['doctor', '--data', folder]);
    expect(running).toMatchObject({ code: 0 });
    const notes = running.stdout.split('\n').filter((line) => line.startsWith('note'));
    expect(notes).toEqual([
      'note  24 failures were given up by reporters before this site heard of them',
      expect.stringMatching(/^note {4}1 other: /),
      expect.stringMatching(/^note {4}20 spool-full: too many waited .+/),
      expect.stringMatching(/^note {4}3 too-old: .+/),
      'note  7 programs ended and nobody saw how; most such ends are wanted, so they are no failures',
    ]);

    const key = await frAdminJson<{ token: string }>([
      ...['keys', 'add', 'operator', '--role', 'administrator', '--json', '--data', folder],
    ]);
    const headers = { authorization: `Bearer ${key.token}` };
    const outcomes = await (await fetch(`${served.url}/v1/admin/outcomes`, { headers })).json();
    expect(outcomes).toContainEqual({ of: 'hits', outcome: 'dropped', reason: 'spool-full', count: 20 });
  } finally {
    await served.stop();
  }
});

test('a start says what the disk has lost, and doctor goes on saying it', async () => {
  const folder = await testFolder();
  const served = await serveSite(['--data', folder]);
  const bucket = { program: 'pay', programVersion: '1', module: 'pay', moduleVersion: '1', location: 'main' };
  const hit = { reportId: uuidv7(), bucket, count: 1, outcome: 'fatal', at: Date.now() };
  await tell(served.url, undefined, [hit]);
  await served.kill();
  await rm(join(folder, 'store.sqlite-wal'));
  const again = await serveSite(['--data', folder]);
  try {
    await expect.poll(again.stderr).toMatch(/store\.sqlite lacks 1 hits and \d+ other changes/);
    expect((await frAdmin(['doctor', '--data', folder])).stdout).toContain(
      'note  1 hits that this site had counted were lost',
    );
  } finally {
    await again.stop();
  }
});

async function tell(url: string, drops: object | undefined, hits: readonly object[] = []): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ protocol: 1, hits, drops });
  expect((await fetch(`${url}/v1/hits`, { method: 'POST', headers, body })).ok).toBe(true);
}
