import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EntryHeader, frameSize, MEDIA_TYPE, type Offer, ROUTES } from '@fr/protocol';
import { encodeMessage } from '@fr/protocol/wire';
import { DEFAULT_POLICY, httpDestination, ledgerSums, openLedger, type PassSummary, runPass } from '@fr/sync';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bucket, bucketOf, headerOf, NOW, vendorKey } from './fixture.ts';
import { MemorySite } from './memory-site.ts';
import { MemoryVendor, RecordingDestination } from './memory-vendor.ts';

let folder: string;
let server: Server;
let url: string;
let site: MemorySite;
let vendor: RecordingDestination;
let bodyBytes: number;
/** Cuts the connection as soon as some of an entry has arrived. */
let cut: boolean;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fr-wire-'));
  site = new MemorySite();
  vendor = new RecordingDestination(new MemoryVendor());
  bodyBytes = 0;
  cut = false;
  server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  await rm(folder, { recursive: true });
});

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
    bodyBytes += (chunk as Buffer).byteLength;
    if (cut && request.method === 'PUT') request.socket.destroy();
  }
  const body = Buffer.concat(chunks);
  const reply =
    request.url === ROUTES.offers
      ? await vendor.offer({} as Offer, body, encodingOf(request))
      : await takeEntry(body);
  if ('result' in reply && reply.result === 'not-needed') {
    response.writeHead(409, { 'content-type': MEDIA_TYPE.problem }).end('{"code":"not-needed"}');
  } else response.writeHead(200, { 'content-type': MEDIA_TYPE.msgpack }).end(encodeMessage(reply, 'msgpack'));
}

function encodingOf({ headers }: IncomingMessage): { readonly encoding?: 'gzip' } {
  return headers['content-encoding'] === 'gzip' ? { encoding: 'gzip' } : {};
}

async function takeEntry(body: Buffer) {
  const header = JSON.parse(body.toString('utf8').split('\n')[1] ?? '') as EntryHeader;
  async function* frame() {
    yield body;
  }
  const result = await vendor.upload(header, frameSize(header), frame());
  return { ...result, entryId: header.entryId };
}

async function pass(): Promise<PassSummary> {
  const ledger = await openLedger(join(folder, 'ledger.jsonl'));
  const destination = httpDestination({ url, token: 't', timeoutMs: 5000 });
  const summary = await runPass({
    store: site,
    destination,
    ledger,
    policy: DEFAULT_POLICY,
    programs: ['shop'],
    pinned: vendorKey.keyId,
    to: destination.to,
    now: () => NOW,
  });
  await ledger.close();
  return summary;
}

async function sums() {
  const ledger = await openLedger(join(folder, 'ledger.jsonl'));
  const { total } = await ledgerSums(ledger.records());
  expect((await ledger.verify()).ok).toBe(true);
  await ledger.close();
  return total;
}

test('over a real connection the ledger is the request bodies, byte for byte', async () => {
  for (const place of ['a', 'b', 'c'])
    site.hit(bucketOf('shop', place), headerOf(['stack', 'environment'], bucketOf('shop', place)));
  expect(await pass()).toMatchObject({ uploaded: 3 });
  site.hit(bucket, headerOf(['stack']));
  expect(await pass()).toMatchObject({ uploaded: 1 });
  const { headerBytes, payloadBytes } = await sums();
  expect(headerBytes + payloadBytes).toBe(bodyBytes);
  expect([headerBytes, payloadBytes]).toEqual([vendor.bytes.header, vendor.bytes.payload]);
});

test('a connection cut in the middle of an entry leaves it pending, covered by the ledger, and the next pass delivers', async () => {
  site.hit(bucket, headerOf(['stack']));
  cut = true;
  expect(await pass()).toMatchObject({ uploaded: 0, failure: { code: 'unreachable' } });
  expect(site.states()).toEqual(['pending']);
  const covered = await sums();
  expect(covered.headerBytes + covered.payloadBytes).toBeGreaterThanOrEqual(bodyBytes);
  cut = false;
  expect(await pass()).toMatchObject({ uploaded: 1 });
  expect(site.states()).toEqual(['uploaded']);
});

test('a destination that is gone is said in the summary, and the ledger says that nothing left', async () => {
  site.hit(bucket, headerOf(['stack']));
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  expect(await pass()).toMatchObject({ uploaded: 0, headerBytes: 0, failure: { code: 'unreachable' } });
  expect(await sums()).toEqual({ count: 1, headerBytes: 0, payloadBytes: 0 });
});
