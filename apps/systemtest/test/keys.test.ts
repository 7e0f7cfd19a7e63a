import { copyFile, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { newFolder, runNode, type ServerProcess, startServer, type TestFolder } from '@fr/test-harness';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADMIN, DESTINATION, HOST, json, ok, REPORTER } from './from-sources.ts';

interface Key {
  readonly keyId: string;
  readonly before: readonly { readonly keyId: string }[];
  readonly replaced?: string;
  readonly vendor?: { readonly pinned: string; readonly inForce: string };
}

let folder: TestFolder;
let site: ServerProcess | undefined;
let vendor: ServerProcess | undefined;
let here: readonly string[] = [];
let there: readonly string[] = [];
let environment: Record<string, string> = {};

/** On the same port each time, as its address is what the others know. */
async function serveVendor(): Promise<void> {
  const port = vendor ? new URL(vendor.url).port : '0';
  await vendor?.stop();
  vendor = await startServer(DESTINATION, ['--port', port, ...there], {});
}

async function serveSite(token: string): Promise<void> {
  const port = site ? new URL(site.url).port : '0';
  await site?.stop();
  const upstream = ['--upstream', vendor?.url ?? '', '--upstream-token', token, '--upstream-program', 'till'];
  site = await startServer(ADMIN, ['--port', port, ...here, ...upstream, '--sync-every', '24h'], {});
}

/** The till fails, and what its reporter made of it. */
async function fail(): Promise<{ readonly entry?: { readonly types: readonly string[] } }> {
  const { code, stderr } = await runNode([...HOST, 'fail'], { env: environment });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const status = JSON.parse((await runNode([...REPORTER, 'status', '--json'], { env: environment })).stdout);
  return status.receipts.toSorted((a: { at: number }, b: { at: number }) => b.at - a.at)[0];
}

async function vendorHolds(): Promise<readonly string[]> {
  const { rows } = await json<{ readonly rows: readonly { readonly types: readonly string[] }[] }>(
    DESTINATION,
    ['entries', ...there],
  );
  return rows.flatMap(({ types }) => types).sort();
}

async function demandState(): Promise<string | undefined> {
  const demands = await json<readonly { readonly state: string; readonly reason: string }[]>(ADMIN, [
    'demands',
    ...here,
  ]);
  return demands.find(({ reason }) => reason === 'which packages?')?.state;
}

let firstToken = '';

beforeAll(async () => {
  folder = await newFolder();
  here = ['--data', join(folder.path, 'site')];
  there = ['--data', join(folder.path, 'vendor')];
  await serveVendor();
  firstToken = await ok(DESTINATION, ['sites', 'add', 'north', ...there]);
  await serveSite(firstToken);
  environment = {
    FR_SERVER: site?.url ?? '',
    FR_KEY: await ok(ADMIN, ['keys', 'add', 'tills', ...here]),
    FR_PROGRAM: 'till',
    FR_VERSION: '1.4',
    FR_SPOOL_DIR: join(folder.path, 'spool'),
  };
}, 60_000);

afterAll(async () => {
  await site?.stop();
  await vendor?.stop();
  await folder?.remove();
});

test('both servers change their keys under way: site and reporter follow, an approval holds, nobody goes back', async () => {
  await fail();
  await json(ADMIN, ['sync', ...here]);
  const { rows } = await json<{ rows: readonly { readonly bucketId: string }[] }>(DESTINATION, [
    'buckets',
    ...there,
  ]);
  const [bucket] = rows;
  const demand = (type: string) =>
    json(DESTINATION, [
      ...['demand', bucket?.bucketId ?? '', '--type', type, '--count', '2', '--reason', 'which packages?'],
      ...there,
    ]);
  await demand('packages');
  await json(ADMIN, ['sync', ...here]);
  expect(await demandState()).toBe('waiting');
  await json(ADMIN, ['approve', '--all', ...here]);
  expect((await fail()).entry?.types).toContain('packages');

  const vendorBefore = await json<Key>(DESTINATION, ['key', 'show', ...there]);
  const siteBefore = await json<Key>(ADMIN, ['key', 'show', ...here]);
  const oldKey = join(folder.path, 'old.pem');
  await copyFile(join(folder.path, 'vendor', 'server-key.pem'), oldKey);
  const rotated = await json<Key>(DESTINATION, ['key', 'rotate', ...there]);
  expect(rotated).toMatchObject({ replaced: vendorBefore.keyId, before: [{ keyId: vendorBefore.keyId }] });
  expect(await readFile(join(folder.path, 'vendor', 'server-key.pem'), 'utf8')).not.toBe(
    await readFile(oldKey, 'utf8'),
  );
  const own = await json<Key>(ADMIN, ['key', 'rotate', ...here]);
  expect(own.replaced).toBe(siteBefore.keyId);

  // What the earlier key asked for goes on, approved as it was.
  await json(ADMIN, ['sync', ...here]);
  expect(await demandState()).toBe('approved');
  expect(await json(ADMIN, ['key', 'show', ...here])).toMatchObject({
    keyId: own.keyId,
    vendor: { pinned: vendorBefore.keyId, inForce: rotated.keyId },
  });
  expect(await vendorHolds()).toContain('packages');
  expect((await fail()).entry?.types).toContain('packages');
  const pins = JSON.parse(await readFile(join(folder.path, 'spool', 'site-key.json'), 'utf8'));
  expect(Object.values(pins)).toEqual([[siteBefore.keyId, own.keyId]]);
  await json(ADMIN, ['sync', ...here]);
  expect((await vendorHolds()).filter((type) => type === 'packages')).toHaveLength(2);
  const doctor = JSON.parse((await runNode([...REPORTER, 'doctor', '--json'], { env: environment })).stdout);
  expect(doctor.checks).toContainEqual(expect.objectContaining({ check: 'site', ok: true }));

  // Put back to a key from before: refused with the reason, and nothing changes.
  await vendor?.stop();
  const [live, chain] = ['server-key.pem', 'server-key-succession.json'].map((name) =>
    join(folder.path, 'vendor', name),
  ) as [string, string];
  const aside = join(folder.path, 'aside');
  await copyFile(live, `${aside}.pem`);
  await copyFile(chain, `${aside}.json`);
  await copyFile(oldKey, live);
  await rm(chain);
  await serveVendor();
  await fail();
  const refused = await runNode([...ADMIN, 'sync', ...here]);
  expect(refused.code).toBe(1);
  expect(refused.stdout + refused.stderr).toContain(
    `${vendorBefore.keyId}, which it has replaced by ${rotated.keyId}`,
  );
  expect(await json(ADMIN, ['key', 'show', ...here])).toMatchObject({ vendor: { inForce: rotated.keyId } });

  // A key that was lost: nobody follows, until a person has enrolled the site anew.
  await vendor?.stop();
  await copyFile(`${aside}.pem`, live);
  await copyFile(`${aside}.json`, chain);
  await serveVendor();
  await demand('breadcrumbs');
  await json(ADMIN, ['sync', ...here]);
  await json(ADMIN, ['approve', '--all', ...here]);
  expect(await demandState()).toBe('approved');
  await json(DESTINATION, ['key', 'rotate', '--lost', ...there]);
  expect((await runNode([...ADMIN, 'sync', ...here])).code).toBe(1);
  await ok(DESTINATION, ['sites', 'revoke', 'north', ...there]);
  await serveSite(await ok(DESTINATION, ['sites', 'add', 'north', ...there]));
  await json(ADMIN, ['sync', ...here]);
  expect(await demandState()).toBe('waiting');
}, 180_000);
