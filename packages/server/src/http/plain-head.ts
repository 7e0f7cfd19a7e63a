/**
 * The head of a request in its plainest form: one path, a msgpack body of a stated length, nothing that asks for more than
 * an answer. Strict on purpose: whatever it does not know is not plain, and is left to Node's own parser with all its bytes.
 * @module
 */
import type { IncomingHttpHeaders } from 'node:http';
import { MEDIA_TYPE } from '@fr/protocol';

/** What a plain head says. */
export interface PlainHead {
  readonly headers: IncomingHttpHeaders;
  readonly bodyBytes: number;
}

/** Bodies above it are none of the plain form. */
const MAX_BODY_BYTES = 64 * 1024;

/** Above it a head is not looked at. */
const MAX_HEAD_BYTES = 4 * 1024;

const FIELD = /^([a-z0-9-]+):[ \t]*([\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?)[ \t]*$/i;

/** They change what the body is, or what is expected besides an answer. */
const NEVER_PLAIN: ReadonlySet<string> = new Set([
  'content-encoding',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** `text`: everything before the empty line. Nothing where the head is not plain. */
function readPlainHead(text: string, path: string): PlainHead | undefined {
  const [first, ...lines] = text.split('\r\n');
  if (first !== `POST ${path} HTTP/1.1`) return undefined;
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const [, name = '', value = ''] = FIELD.exec(line) ?? [];
    const key = name.toLowerCase();
    if (key === '' || NEVER_PLAIN.has(key) || Object.hasOwn(headers, key)) return undefined;
    headers[key] = value;
  }
  const { host, connection = 'keep-alive' } = headers;
  const length = headers['content-length'] ?? '';
  const isPlain =
    host !== undefined &&
    connection.toLowerCase() === 'keep-alive' &&
    headers['content-type'] === MEDIA_TYPE.msgpack &&
    /^\d{1,5}$/.test(length) &&
    Number(length) <= MAX_BODY_BYTES;
  return isPlain ? { headers, bodyBytes: Number(length) } : undefined;
}

/** Heads remembered; a reporter's differ in the length of the body at most. */
const REMEMBERED = 1_024;

const END_OF_HEAD = Buffer.from('\r\n\r\n');

/** A request that has come whole, in one piece, with nothing behind it. */
export interface PlainRequest {
  readonly head: PlainHead;
  readonly body: Buffer;
}

/** Finds plain requests of one path; heads seen before are known without reading them again. */
export class PlainRequests {
  readonly #path: string;
  readonly #known = new Map<string, PlainHead>();

  constructor(path: string) {
    this.#path = path;
  }

  in(piece: Buffer): PlainRequest | undefined {
    const end = piece.indexOf(END_OF_HEAD);
    if (end < 0 || end > MAX_HEAD_BYTES) return undefined;
    const text = piece.toString('latin1', 0, end);
    const head = this.#known.get(text) ?? this.#read(text);
    const bodyAt = end + END_OF_HEAD.byteLength;
    if (head === undefined || piece.byteLength - bodyAt !== head.bodyBytes) return undefined;
    return { head, body: piece.subarray(bodyAt) };
  }

  #read(text: string): PlainHead | undefined {
    const head = readPlainHead(text, this.#path);
    if (this.#known.size >= REMEMBERED) this.#known.clear();
    if (head) this.#known.set(text, head);
    return head;
  }
}
