import { MAX_MESSAGE_BYTES } from '@fr/protocol';
import { decodeMessage, messageFormat } from '@fr/protocol/wire';
import { retryAfterOf } from '../backoff.ts';
import type { Rejected, Unavailable } from '../server-link.ts';

const MAX_DETAIL = 300;
/** From its first byte; a reply is some hundred bytes, and a server that lets them drip would be waited for until we end. */
const WHOLE_WITHIN_MS = 10_000;

/** The message in a reply; throws where it is none. */
export async function readMessage(response: Response): Promise<unknown> {
  const format = messageFormat(response.headers.get('content-type') ?? undefined);
  if (!format) throw new TypeError('the reply is neither msgpack nor JSON');
  return decodeMessage(await readCapped(response, MAX_MESSAGE_BYTES), format);
}

async function readCapped(response: Response, limit: number): Promise<Uint8Array> {
  const reader = response.body?.getReader();
  if (!reader) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    reader.cancel().catch(() => undefined);
  }, WHOLE_WITHIN_MS);
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      size += read.value.byteLength;
      if (size > limit) throw new TypeError(`the reply has more than ${limit} bytes`);
      chunks.push(read.value);
    }
  } finally {
    clearTimeout(timer);
    // What is left of it is not waited for.
    reader.cancel().catch(() => undefined);
  }
  if (late) throw new TypeError(`the reply does not come to an end within ${WHOLE_WITHIN_MS / 1_000} s`);
  return Buffer.concat(chunks);
}

/** What a server gives as its reason, as far as it can be read. */
export async function rejected(response: Response): Promise<Rejected> {
  const { status } = response;
  try {
    const body = Buffer.from(await readCapped(response, 64 * 1024)).toString('utf8');
    const { code, detail } = JSON.parse(body) as Record<string, unknown>;
    return { kind: 'rejected', status, code: textOf(code) || String(status), detail: textOf(detail) };
  } catch {
    return { kind: 'rejected', status, code: String(status), detail: '' };
  }
}

function textOf(value: unknown): string {
  // What a server says ends up on a terminal: one line of printable characters.
  return typeof value === 'string' ? value.slice(0, MAX_DETAIL).replace(/[^\x20-\x7e]/g, ' ') : '';
}

/** Statuses after which the same request may succeed. */
export const RETRIED: readonly number[] = [408, 429, 500, 502, 503, 504];

/** A reply with such a status. */
export function unavailable({ status, headers }: Response, now: number): Unavailable {
  const retryAfterMs = retryAfterOf(headers.get('retry-after'), now);
  const after = retryAfterMs === undefined ? {} : { retryAfterMs };
  return { kind: 'unavailable', why: `the server answers ${status}`, ...after };
}
