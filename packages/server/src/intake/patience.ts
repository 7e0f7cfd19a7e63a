/**
 * Time for large uploads. A server gives every request five minutes, which keeps slow senders from holding its connections;
 * a gibibyte over a thin line takes hours. While one is under way (its sender has a key, and a lease) the limit is lifted,
 * and the upload itself has to move on instead.
 * @module
 */
import type { IncomingMessage, Server } from 'node:http';

/** What comes through in the usual five minutes at the slowest pace. */
const LARGE_BYTES = 16 * 1024 * 1024;
/** A gibibyte at the slowest pace. */
const LONGEST_MS = 5 * 60 * 60 * 1000;
const LOOK_EVERY_MS = 60_000;
/** 64 KiB a second, and some allowance for a line that stops for a while. */
const LEAST_PER_LOOK = 1024 * 1024;

interface Lifted {
  readonly usual: number;
  uploads: number;
}

const lifted = new WeakMap<Server, Lifted>();

/** Lets a request take long if it is large; gives what ends that. */
export function givePatience(server: Server, request: IncomingMessage): () => void {
  const length = Number(request.headers['content-length'] ?? Number.POSITIVE_INFINITY);
  if (!(length > LARGE_BYTES)) return () => undefined;
  const limit = lifted.get(server) ?? { usual: server.requestTimeout, uploads: 0 };
  lifted.set(server, limit);
  limit.uploads += 1;
  server.requestTimeout = LONGEST_MS;
  const { socket } = request;
  let seen = socket.bytesRead;
  const watch = setInterval(() => {
    if (socket.bytesRead - seen < LEAST_PER_LOOK) socket.destroy();
    seen = socket.bytesRead;
  }, LOOK_EVERY_MS).unref();
  return () => {
    clearInterval(watch);
    limit.uploads -= 1;
    if (limit.uploads > 0) return;
    server.requestTimeout = limit.usual;
    lifted.delete(server);
  };
}
