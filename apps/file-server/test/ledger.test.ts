import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LedgerCheck, LedgerRecord, LedgerSums } from '@fr/sync';
import { testFolder } from '@fr/test-harness/in-process';
import { expect, onTestFinished, test, vi } from 'vitest';
import { frAdminHere, frAdminJson, serveSite } from './support/fr-admin.ts';
import { reportTill, startVendor } from './support/vendor.ts';

// Several processes start in each test; a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000 });

test('an administrator sees what left, who approved it and how many bytes; exports it; finds what was cut off', async () => {
  const data = join(await testFolder(), 'site');
  const vendor = await startVendor();
  const words = [
    '--data',
    data,
    '--upstream',
    vendor.url,
    '--upstream-program',
    'till',
    '--sync-every',
    '24h',
  ];
  let site = await serveSite(words, { FR_UPSTREAM_TOKEN: vendor.token });
  onTestFinished(() => site.kill());
  vendor.ask({ id: 'd-1', types: [{ type: 'packages', count: 1 }] });
  vendor.ask({ id: 'd-2', types: [{ type: 'stack', count: 1 }] });
  await reportTill(site.url, { stack: 'first' });
  await frAdminJson(['sync', '--data', data]);
  await frAdminJson(['approve', 'd-1', '--by', '=kim', '--data', data]);
  await frAdminJson(['sync', '--data', data]);
  const entryId = await reportTill(site.url, { packages: 'left-pad', stack: 'at a' });
  await frAdminJson(['sync', '--data', data]);

  const run = (...given: readonly string[]) => frAdminHere(['ledger', ...given, '--data', data]);
  const bytes = [...vendor.offers, ...vendor.entries].reduce((sum, { byteLength }) => sum + byteLength, 0);
  const { sums } = await frAdminJson<{ sums: LedgerSums }>(['ledger', '--data', data]);
  expect(sums.total.headerBytes + sums.total.payloadBytes).toBe(bytes);
  const shown = (await run()).stdout;
  expect(shown).toMatch(new RegExp(`entry +${entryId} +packages`));
  expect(shown).toMatch(/=kim +\d+ +\d+ +stored/);

  const csv = (await run('--csv')).stdout.trimEnd().split('\r\n');
  const { records } = await frAdminJson<{ records: readonly LedgerRecord[] }>(['ledger', '--data', data]);
  expect(csv).toHaveLength(records.length + 1);
  expect(csv.find((line) => line.includes(entryId))).toContain(",'=kim,");
  const one = await frAdminJson<{ records: readonly LedgerRecord[]; sums: LedgerSums }>([
    'ledger',
    '--entry',
    entryId,
    '--data',
    data,
  ]);
  expect(one.records.map(({ kind }) => kind)).toEqual(['entry', 'outcome']);
  expect(one.sums.offers.count).toBe(0);
  expect((await run('--since', '2999-01-01')).stdout).toBe('nothing has left this site\n');

  const { head } = await frAdminJson<LedgerCheck>(['ledger', '--verify', '--data', data]);
  const kept = ['--verify', '--head', head?.hash ?? ''];
  expect([(await run(...kept)).code, head?.seq]).toEqual([0, records.length]);
  const file = join(data, 'ledger.jsonl');
  const whole = await readFile(file, 'utf8');

  // A crash in the middle of a line: said, set aside, and the chain goes on.
  await site.kill();
  await appendFile(file, '{"seq":99,"at":17');
  const torn = await run('--verify');
  expect([torn.code, torn.stdout]).toEqual([
    1,
    expect.stringContaining('its last line (17 bytes) was torn by a crash'),
  ]);
  site = await serveSite(words, { FR_UPSTREAM_TOKEN: vendor.token });
  expect(site.stderr()).toContain('was torn by a crash; its 17 bytes were set aside in');
  await frAdminJson(['sync', '--data', data]);
  const after = await run(...kept);
  expect([after.code, after.stdout]).toEqual([0, expect.stringContaining(`${file}.torn`)]);
  expect(await site.stop()).toBe(0);

  await writeFile(file, `${whole.split('\n').slice(0, 2).join('\n')}\n`);
  const cut = await run(...kept);
  expect([cut.code, cut.stdout]).toEqual([1, expect.stringContaining('LINES WERE CUT OFF AT THE END')]);
});

test.each([
  [['--csv', '--json'], '--csv stands alone'],
  [['--head', 'abc'], 'ledger --verify'],
  [['--since', 'lately'], 'write 2026-11-23'],
])('`ledger %j` exits 2 and says what to do', async (words, advice) => {
  const data = join(await testFolder(), 'site');
  await (await serveSite(['--data', data])).stop();
  const ended = await frAdminHere(['ledger', ...words, '--data', data]);
  expect([ended.code, ended.stdout, ended.stderr]).toEqual([2, '', expect.stringContaining(advice)]);
});
