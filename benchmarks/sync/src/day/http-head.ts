import { createServer } from 'node:net';
import type { EntryHeader, Offer } from '@fr/protocol';
import { uuidv7 } from '@fr/protocol/ids';
import { generateSigningKey, issueToken } from '@fr/protocol/signature';
import { httpDestination } from '@fr/sync';

/** Bytes in front of the body of each kind of request. */
export interface HeadBytes {
  readonly offer: number;
  readonly entry: number;
}

/** Sends one request of each kind to a socket of this machine, and counts request line and headers. */
export async function measureHeads(): Promise<HeadBytes> {
  const heads: number[] = [];
  const server = createServer((socket) => {
    let head = '';
    socket.on('data', (chunk: Buffer) => {
      head += chunk.toString('latin1');
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      heads.push(end + 4);
      socket.destroy();
    });
    socket.on('error', () => undefined);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const token = issueToken('frs', generateSigningKey().keyId);
  const destination = httpDestination({ url: `http://127.0.0.1:${port}`, token });
  // Nobody answers: what matters has left by then.
  const ignored = (): undefined => undefined;
  await destination.offer({} as Offer, new Uint8Array(500), { encoding: 'gzip' }).catch(ignored);
  await destination
    .upload({ entryId: uuidv7() } as EntryHeader, { headerBytes: 700, payloadBytes: 1_500 }, bytes(2_200))
    .catch(ignored);
  await new Promise((done) => server.close(done));
  const [offer = 0, entry = 0] = heads;
  return { offer, entry };
}

async function* bytes(length: number): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(length);
}
