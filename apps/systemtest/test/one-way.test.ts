import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newFolder, runNode, type ServerProcess, startServer, type TestFolder } from '@fr/test-harness';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** From their sources, in processes of their own. */
function sources(path: string): readonly string[] {
  return ['-C', '@fr/source', fileURLToPath(new URL(`../../../${path}`, import.meta.url))];
}
const ADMIN = sources('apps/file-server/src/main.ts');
const DESTINATION = sources('apps/destination-server/src/main.ts');
const HOST = sources('apps/systemtest/test/hosts/till.mjs');
const REPORTER = sources('packages/reporter-sdk/src/fr-reporter.ts');

let folder: TestFolder;
let site: ServerProcess | undefined;
let here: readonly string[] = [];
let there: readonly string[] = [];

async function json<T>(program: readonly string[], words: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await runNode([...program, ...words, '--json']);
  if (code !== 0) throw new Error(`${words.join(' ')} exited ${code}: ${stderr}`);
  return JSON.parse(stdout) as T;
}

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
