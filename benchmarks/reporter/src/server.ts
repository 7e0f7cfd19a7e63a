import { createServer } from 'node:http';
import { type AddressInfo, createServer as createSocketServer, type Server } from 'node:net';

/** What a server does: answers at once, after a second, is not there, or takes connections and says nothing. */
export type ServerState = 'up' | 'slow 1 s' | 'refused' | 'black hole';
export const SERVER_STATES: readonly ServerState[] = ['up', 'slow 1 s', 'refused', 'black hole'];

/** A server on loopback that takes what any of the products sends. */
export interface Collector {
  readonly port: number;
  /** Requests that were whole. */
  readonly requests: number;
  /** Bytes received on all connections, headers included. */
  readonly bytes: number;
  /** Their bodies. */
  readonly bodies: readonly Buffer[];
  close(): Promise<void>;
}

/** Starts one; `port` to come back at the place of one that was closed. */
export async function startCollector(state: ServerState, port = 0): Promise<Collector> {
  const seen = { requests: 0, bytes: 0, bodies: [] as Buffer[] };
  const server =
    state === 'black hole' ? createSocketServer((socket) => socket.resume()) : answering(state, seen);
  const sockets = new Set<{ destroy(): unknown }>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    });
  if (state === 'refused') await close();
  return {
    port: address.port,
    get requests() {
      return seen.requests;
    },
    get bytes() {
      return seen.bytes;
    },
    get bodies() {
      return seen.bodies;
    },
    close: state === 'refused' ? () => Promise.resolve() : close,
  };
}

function answering(state: ServerState, seen: { requests: number; bytes: number; bodies: Buffer[] }): Server {
  return createServer((request, response) => {
    const before = counted.get(request.socket) ?? 0;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.requests += 1;
      seen.bytes += request.socket.bytesRead - before;
      seen.bodies.push(Buffer.concat(chunks));
      counted.set(request.socket, request.socket.bytesRead);
      const answer = (): void => {
        if (request.url?.startsWith('/v1/hits') === true) response.writeHead(204).end();
        else response.writeHead(200, { 'content-type': 'application/json' }).end('{"err":0,"response":"ok"}');
      };
      if (state === 'slow 1 s') setTimeout(answer, 1_000);
      else answer();
    });
  });
}

/** Bytes of a connection that were counted with an earlier request. */
const counted = new WeakMap<object, number>();
