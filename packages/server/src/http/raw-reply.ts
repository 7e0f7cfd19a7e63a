/**
 * Replies as bytes, for connections on which there is no response of Node's: the same lines as it would write.
 * @module
 */
import { STATUS_CODES } from 'node:http';
import { MEDIA_TYPE } from '@fr/protocol';

/** What the framework's plugin says of every reply, as far as it concerns one that is no page. */
const SAFE = { 'x-content-type-options': 'nosniff', 'content-security-policy': "default-src 'none'" };

const KEEP = 'Connection: keep-alive\r\nKeep-Alive: timeout=5\r\n';
const CLOSE = 'Connection: close\r\n';

let dateLine = '';
let dateSecond = 0;

/** Made once a second. */
function date(): string {
  const now = Date.now();
  const second = Math.floor(now / 1_000);
  if (second !== dateSecond) {
    dateSecond = second;
    dateLine = `Date: ${new Date(now).toUTCString()}\r\n`;
  }
  return dateLine;
}

/** 204. `last`: the connection is closed behind it. */
export function nothingReply(last: boolean): string {
  return `HTTP/1.1 204 No Content\r\n${date()}${last ? CLOSE : KEEP}\r\n`;
}

/** 200 with a message in msgpack. */
export function messageReply(message: Uint8Array, last: boolean): Buffer {
  return rawReply(200, { 'content-type': MEDIA_TYPE.msgpack }, message, last);
}

/** Any reply with a body. Header values must be of this server's own making. */
export function rawReply(
  status: number,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
  last: boolean,
): Buffer {
  const lines = Object.entries({ ...SAFE, ...headers, 'content-length': String(body.byteLength) });
  const fields = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${fields}${date()}${last ? CLOSE : KEEP}\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), body]);
}
