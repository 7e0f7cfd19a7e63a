import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newFolder, runNode, type ServerProcess, startServer, type TestFolder } from '@fr/test-harness';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADMIN, DESTINATION, HOST, json, REPORTER } from './from-sources.ts';

let folder: TestFolder;
let site: ServerProcess | undefined;
let here: readonly string[] = [];
let there: readonly string[] = [];

beforeAll(async () => {
  folder = await newFolder();
  here = ['--data', join(folder.path, 'site')];
  there = ['--data', join(folder.path, 'vendor')];
  const vendor = await startServer(DESTINATION, ['--port', '0', ...there], {});
  const token = (await runNode([...DESTINATION, 'sites', 'add', 'north', ...there])).stdout.trim();
  await vendor.stop();
  const policy = join(folder.path, 'policy.yaml');
  await writeFile(
    policy,
    `version: 1
offer:
  - program: till
rules:
  - type: breadcrumbs
    action: deny
standing:
  - program: till
    type: [packages, breadcrumbs, heap-snapshot]
`,
  );
  const upstream = ['--upstream', 'https://vendor.example', '--upstream-token', token];
  const words = ['--policy', policy, ...upstream, '--sync-every', 'never'];
  site = await startServer(ADMIN, ['--port', '0', ...here, ...words], {});
}, 60_000);

afterAll(async () => {
  await site?.stop();
  await folder?.remove();
});

test('what the policy wants carried one way is collected by reporters, as far as they may, and no more than so often', async () => {
  const environment = {
    FR_SERVER: site?.url ?? '',
    FR_PROGRAM: 'till',
    FR_VERSION: '1.4',
    FR_SPOOL_DIR: join(folder.path, 'spool'),
  };
  const fail = async () => {
    expect(await runNode([...HOST, 'fail'], { env: environment })).toMatchObject({ code: 0 });
    const { stdout } = await runNode([...REPORTER, 'status', '--json'], { env: environment });
    const receipts: { at: number; entry?: { types: string[]; demands: string[] }; notSent: object[] }[] =
      JSON.parse(stdout).receipts;
    return receipts.toSorted((a, b) => b.at - a.at)[0];
  };
  const [standing] = await json<{ demandId: string; author: string; state: string }[]>(ADMIN, [
    ...['demands', ...here],
  ]);
  expect(standing).toMatchObject({ state: 'approved', author: 'the policy of this site' });
  const first = await fail();
  expect(first?.entry?.types).toContain('packages');
  expect(first?.entry?.types).not.toContain('breadcrumbs');
  expect(first?.entry?.demands).toContain(standing?.demandId);
  // The program has not declared it: whoever asks.
  expect(first?.notSent).toContainEqual({ type: 'heap-snapshot', why: 'not-declared' });
  expect((await fail())?.entry?.types).not.toContain('packages');
  const file = join(folder.path, 'bundle');
  expect(await json(ADMIN, ['export', file, '--one-way', ...here])).toMatchObject({ entries: 1 });
  expect(await json(DESTINATION, ['import', file, ...there])).toMatchObject({ stored: 1 });
  // What was carried is not collected again.
  expect((await fail())?.entry?.types ?? []).not.toContain('packages');
}, 120_000);
