/**
 * Stands between site and vendor and writes down every request body in its order, split the way the ledger splits
 * it: payload is the parts of entries, header all the rest. It knows the entry frame from PROTOCOL.md, not from the
 * code that sends it, so that its sums are a second opinion.
 * @module
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';

/** One request that went through. */
export interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly headerBytes: number;
  readonly payloadBytes: number;
  /** As it was on the line. */
  readonly body: Buffer;
  /** With its packing undone: what is looked for, and must not be there, is looked for here. */
  readonly plain: Buffer;
  /** Status of the reply; 0 where there was none. */
  readonly status: number;
}

/** What to do with a request instead of passing it on. */
export type Interference = (
  method: string,
  path: string,
  count: number,
) => 'cut-before' | 'cut-after' | undefined;

/** A proxy on loopback. */
export interface RecordingProxy {
  readonly url: string;
  readonly requests: readonly Recorded[];
  /** Where requests go from now on. */
  target(url: string): void;
  /** Cuts requests (before the vendor sees them, or after its reply) as the function says; none by default. */
  interfere(rule: Interference | undefined): void;
  close(): Promise<void>;
}

/** Starts a proxy towards `target`. */
export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  const requests: Recorded[] = [];
  let to = target;
  let rule: Interference | undefined;
  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => incoming.socket.destroy());
  });

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = '', url: path = '' } = incoming;
    const body = await bytesOf(incoming);
    const action = rule?.(method, path, requests.length);
    const reply =
      action === 'cut-before' ? undefined : await forward(to, incoming, body).catch(() => undefined);
    const plain = unpacked(body, incoming.headers['content-encoding']);
    requests.push({ method, path, ...split(method, path, body), body, plain, status: reply?.status ?? 0 });
    if (action !== undefined || !reply) {
      incoming.socket.destroy();
      return;
    }
    outgoing.writeHead(reply.status, reply.headers).end(reply.body);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    target: (url) => {
      to = url;
    },
    interfere: (next) => {
      rule = next;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function unpacked(body: Buffer, encoding: string | undefined): Buffer {
  if (encoding === undefined) return body;
  return encoding === 'zstd' ? zstdDecompressSync(body) : gunzipSync(body);
}

async function forward(
  target: string,
  incoming: IncomingMessage,
  body: Buffer,
): Promise<{ status: number; headers: IncomingMessage['headers']; body: Buffer }> {
  const outgoing = request(new URL(incoming.url ?? '/', target), {
    method: incoming.method,
    headers: { ...incoming.headers, host: new URL(target).host },
    agent: false,
  });
  outgoing.end(body);
  const [reply] = (await once(outgoing, 'response')) as [IncomingMessage];
  const { 'transfer-encoding': _, ...headers } = reply.headers;
  return { status: reply.statusCode ?? 0, headers, body: await bytesOf(reply) };
}

function split(method: string, path: string, body: Buffer): { headerBytes: number; payloadBytes: number } {
  if (method !== 'PUT' || !path.startsWith('/v1/entries/'))
    return { headerBytes: body.length, payloadBytes: 0 };
  const headerLine = body.toString('utf8').split('\n')[1] ?? '{}';
  const header = JSON.parse(headerLine) as { parts: readonly { bytes: number }[] };
  const payloadBytes = header.parts.reduce((sum, part) => sum + part.bytes, 0);
  return { headerBytes: body.length - payloadBytes, payloadBytes };
}

/** Sums over all requests. */
export function recordedSums(requests: readonly Recorded[]): {
  readonly headerBytes: number;
  readonly payloadBytes: number;
} {
  return {
    headerBytes: requests.reduce((sum, each) => sum + each.headerBytes, 0),
    payloadBytes: requests.reduce((sum, each) => sum + each.payloadBytes, 0),
  };
}
