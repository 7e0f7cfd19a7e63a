import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readFrame } from '@fr/protocol';
import { command, commandJson, newFolder, type TestFolder } from '@fr/test-harness';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ClientMachine, installClient } from '../src/harness/client-machine.ts';
import { BIN } from '../src/harness/paths.ts';
import { createWorld, type World } from '../src/main-job/world.ts';

interface EntryRow {
  readonly entryId: string;
  readonly state: string;
  readonly types: readonly string[];
}

interface Listed {
  readonly rows: readonly EntryRow[];
}

let folder: TestFolder;
let world: World;
let client: ClientMachine;
beforeAll(async () => {
  folder = await newFolder();
  world = await createWorld(folder.path);
  const declares = { FR_CONSENT: 'full', FR_HEAP_SNAPSHOT: '200' };
  client = await installClient('client H', join(folder.path, 'client-h'), world.siteDoor.url, declares);
});
afterAll(async () => {
  await world.close();
  await folder.remove();
});

const admin = <T>(...words: string[]) => commandJson<T>(BIN.frAdmin, [...words, '--data', world.siteData]);
const vendor = <T>(...words: string[]) =>
  commandJson<T>(BIN.frDestination, [...words, '--data', world.vendorData]);
const sync = () => admin<{ readonly uploaded: number; readonly payloadBytes: number }>('sync');
const withHeap = (rows: readonly EntryRow[]) => rows.filter(({ types }) => types.includes('heap-snapshot'));
const puts = () => world.siteDoor.requests.filter(({ method }) => method === 'PUT').length;

/** The part of an entry that lies below a folder: its hash as it was announced, and the text that has it. */
async function partOf(
  data: string,
  entryId: string,
): Promise<{ readonly sha256: string; readonly text: string }> {
  const names = await readdir(join(data, 'entries'), { recursive: true });
  const name = names.find((each) => each.includes(entryId)) ?? '';
  const chunks: Buffer[] = [];
  let sha256 = '';
  for await (const piece of readFrame(createReadStream(join(data, 'entries', name)), { trailer: true })) {
    if (piece.kind !== 'bytes' || piece.part.type !== 'heap-snapshot') continue;
    chunks.push(Buffer.from(piece.chunk));
    sha256 = piece.part.sha256;
  }
  return { sha256, text: Buffer.concat(chunks).toString('utf8') };
}

test('a heap snapshot that was demanded, approved and leased comes once, byte for byte, and no second one', async () => {
  await client.crash();
  await sync();
  const [bucket] = (await vendor<{ rows: readonly { readonly bucketId: string }[] }>('buckets')).rows;
  const reason = 'what fills the till?';
  const asks = [
    'demand',
    bucket?.bucketId ?? '',
    '--type',
    'heap-snapshot',
    '--count',
    '1',
    '--reason',
    reason,
  ];
  await command(BIN.frDestination, [...asks, '--data', world.vendorData]);
  await sync();
  const demands = await admin<readonly { readonly demandId: string; readonly reason: string }[]>('demands');
  const demandId = demands.find((demand) => demand.reason === reason)?.demandId ?? '';
  await client.crash();
  expect(world.siteDoor.requests.filter(({ path }) => path === '/v1/leases')).toEqual([]);
  await command(BIN.frAdmin, ['approve', demandId, '--data', world.siteData]);

  // The next failure learns of it and has a lease, the one after that brings it.
  const bare = await client.crashBare();
  await client.crash();
  expect(world.siteDoor.requests.filter(({ path }) => path === '/v1/leases')).toHaveLength(1);
  const ended = await client.crash();
  expect([ended.code, ended.stderr]).toEqual([bare.code, bare.stderr]);
  const held = withHeap((await admin<Listed>('entries')).rows);
  expect(held).toMatchObject([{ state: 'pending' }]);

  const pass = await sync();
  expect(pass.uploaded).toBe(1);
  const received = withHeap((await vendor<Listed>('entries')).rows);
  expect(received.map(({ entryId }) => entryId)).toEqual(held.map(({ entryId }) => entryId));
  const entryId = held[0]?.entryId ?? '';
  const atSite = await partOf(world.siteData, entryId);
  const atVendor = await partOf(world.vendorData, entryId);
  expect(atVendor.text === atSite.text && atVendor.sha256 === atSite.sha256).toBe(true);
  expect(atVendor.text.length).toBe(pass.payloadBytes);
  expect(Object.keys(JSON.parse(atVendor.text) as object)).toEqual(
    expect.arrayContaining(['snapshot', 'nodes', 'strings']),
  );
  const closed = await vendor<readonly { readonly reason: string; readonly state: string }[]>('demands');
  expect(closed.find((demand) => demand.reason === reason)?.state).toBe('closed');

  const before = puts();
  await sync();
  await client.crash();
  await client.crash();
  expect(puts()).toBe(before);
  expect(withHeap((await admin<Listed>('entries')).rows)).toHaveLength(1);
  await command(BIN.frAdmin, ['ledger', '--verify', '--data', world.siteData]);
});
