import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { MEDIA_TYPE, writeFrame } from '@fr/protocol';
import { uuidv7 } from '@fr/protocol/ids';
import { openEmbeddedStore } from '@fr/store/embedded';
import { expect, onTestFinished, test } from 'vitest';

const PROGRAM = fileURLToPath(new URL('./big-intake.ts', import.meta.url));
const CHUNK = 64 * 1024;
const BYTES = 256 * 1024 * 1024;

async function* content(): AsyncGenerator<Uint8Array> {
  for (let n = 0; n < BYTES / CHUNK; n++) yield Buffer.alloc(CHUNK, n % 251);
}

async function sha256Of(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}

test('256 MiB pass through a server in pieces, and lie on its disk with the hash they came with', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fr-server-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const dir = join(folder, 'store');
  const server = spawn(process.execPath, ['-C', '@fr/source', PROGRAM, dir], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void server.kill('SIGKILL'));
  const lines: string[] = [];
  server.stdout.setEncoding('utf8').on('data', (text: string) => lines.push(text));
  await once(server.stdout, 'data');

  const sha256 = await sha256Of(content());
  const part = { type: 'heap-snapshot', contentType: 'application/json', bytes: BYTES, sha256 };
  const bucket = {
    program: 'till',
    programVersion: '1',
    module: 'till',
    moduleVersion: '1',
    location: 'a.js#f',
  };
  const ids = { entryId: uuidv7(), reportId: uuidv7() };
  const header = { ...ids, bucket, outcome: 'fatal' as const, at: Date.now(), demands: [], parts: [part] };
  const upload = request(`${lines.join('').trim()}/v1/entries/${ids.entryId}`, {
    method: 'PUT',
    headers: { 'content-type': MEDIA_TYPE.entry },
  });
  const answered = once(upload, 'response');
  await pipeline(Readable.from(writeFrame(header, [{ part, content: content() }])), upload);
  const [response] = await answered;
  response.resume();
  expect(response.statusCode).toBe(201);
  server.stdin.end();
  await once(server, 'close');
  expect(Number(lines.join('').trim().split('\n').at(-1))).toBeLessThan(300);

  const store = await openEmbeddedStore({ dir, readOnly: true });
  for await (const read of (await store.entries.read(ids.entryId))?.parts() ?? [])
    expect(await sha256Of(read.content as AsyncIterable<Uint8Array>)).toBe(sha256);
  await store.close();
}, 120_000);
