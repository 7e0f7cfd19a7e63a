import type { IncomingMessage } from 'node:http';

/** Bytes of a refused body that are read on, so that its sender gets to read the refusal. */
const MOST_FORGOTTEN = 8 * 1024 * 1024;
/** How long its sender has for that, when no more is read. */
const HANG_UP_MS = 5_000;

/**
 * Reads on what nobody will look at: a connection closed while the other side writes takes the reply with it. A small
 * body whole, so that the connection lives on. Of a large one so much, and then no more: the sender, which cannot send on
 * either, has the reply by then and a few seconds to read it.
 */
export function forgetSome(body: IncomingMessage): void {
  let forgotten = 0;
  body.on('data', (chunk: Buffer) => {
    forgotten += chunk.byteLength;
    if (forgotten <= MOST_FORGOTTEN) return;
    body.removeAllListeners('data');
    body.pause();
    setTimeout(() => body.socket.destroy(), HANG_UP_MS).unref();
  });
  body.resume();
}
