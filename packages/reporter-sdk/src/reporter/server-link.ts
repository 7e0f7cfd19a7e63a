/**
 * The reporter's side of the wire. Talks to the configured server and to nothing else: redirects are not followed, no
 * address from a reply is used. Every reply, however wrong, becomes one of a few values.
 * @module
 */
import {
  decodeEntryReply,
  decodeHitsReply,
  type Hit,
  MAX_MESSAGE_BYTES,
  MEDIA_TYPE,
  PROTOCOL_VERSION,
  ROUTES,
  type SignedDemand,
} from '@fr/protocol';
import { decodeMessage, encodeMessage, messageFormat } from '@fr/protocol/wire';
import ky, { HTTPError, type KyInstance } from 'ky';

/** The request may succeed later: the failure stays in the spool. */
export interface Unavailable {
  readonly kind: 'unavailable';
  readonly why: string;
}

/** The server said no to this very request; repeating it is useless. `key` where it is the reporter key it refuses. */
export interface Rejected {
  readonly kind: 'rejected';
  readonly status: number;
  readonly code: string;
  readonly detail: string;
}

export interface HitTaken {
  readonly kind: 'taken';
  readonly result: 'counted' | 'duplicate' | 'refused';
  readonly reason?: string;
  /** As they came; nothing is checked yet. */
  readonly demands: readonly SignedDemand[];
  /** Public key the server presents; none where nothing is wanted. */
  readonly key?: string;
}

export interface EntryTaken {
  readonly kind: 'taken';
  readonly result: 'stored' | 'duplicate';
}

export interface ServerLink {
  /** Scheme, host and port of the server. */
  readonly origin: string;
  postHits(hits: readonly Hit[]): Promise<HitTaken | Rejected | Unavailable>;
  putEntry(entryId: string, frame: Uint8Array): Promise<EntryTaken | Rejected | Unavailable>;
  /** Whether the server is there at all. */
  ping(): Promise<{ readonly kind: 'taken' } | Rejected | Unavailable>;
}

/** How long and how often is tried. Delays double from 300 ms, with full jitter; a server's Retry-After is obeyed. */
export interface LinkOptions {
  readonly server: URL;
  readonly key: string;
  readonly signal: AbortSignal;
  readonly retries: number;
}

const RETRIED = [408, 429, 500, 502, 503, 504];
const MAX_WAIT_MS = 20_000;
const REPLY_TIMEOUT_MS = 10_000;
const MAX_DETAIL = 300;

export function serverLink({ server, key, signal, retries }: LinkOptions): ServerLink {
  const http = ky.create({
    redirect: 'manual',
    signal,
    timeout: REPLY_TIMEOUT_MS,
    retry: {
      limit: retries,
      methods: ['get', 'post', 'put'],
      statusCodes: RETRIED,
      afterStatusCodes: [429, 503],
      maxRetryAfter: MAX_WAIT_MS,
      backoffLimit: MAX_WAIT_MS,
      jitter: true,
      retryOnTimeout: true,
    },
    throwHttpErrors: (status) => RETRIED.includes(status),
    headers: {
      accept: MEDIA_TYPE.msgpack,
      'accept-encoding': 'identity',
      ...(key === '' ? {} : { authorization: `Bearer ${key}` }),
    },
  });
  // A server may live below a path; the leading slash of a route would throw that path away.
  const base = server.href.endsWith('/') ? server.href : `${server.href}/`;
  const at = (route: string): URL => new URL(route.replace(/^\//, ''), base);
  return {
    origin: server.origin,
    postHits: (hits) => settled(() => postHits(http, at(ROUTES.hits), hits)),
    putEntry: (entryId, frame) => settled(() => putEntry(http, at(ROUTES.entry(entryId)), frame)),
    ping: () => settled(() => ping(http, at(ROUTES.live))),
  };
}

async function postHits(http: KyInstance, url: URL, hits: readonly Hit[]): Promise<HitTaken | Rejected> {
  const body = encodeMessage({ protocol: PROTOCOL_VERSION, hits }, 'msgpack');
  const response = await http.post(url, {
    body: new Uint8Array(body),
    headers: { 'content-type': MEDIA_TYPE.msgpack },
  });
  if (response.status === 204) return { kind: 'taken', result: 'counted', demands: [] };
  if (response.status !== 200) return rejected(response);
  const reply = decodeHitsReply(await readMessage(response));
  const own = reply.results.find(({ reportId }) => reportId === hits[0]?.reportId);
  return {
    kind: 'taken',
    result: own?.result ?? 'counted',
    ...(own?.reason === undefined ? {} : { reason: own.reason }),
    demands: reply.demands,
    key: reply.key,
  };
}

async function putEntry(http: KyInstance, url: URL, frame: Uint8Array): Promise<EntryTaken | Rejected> {
  const response = await http.put(url, {
    body: new Uint8Array(frame),
    headers: { 'content-type': MEDIA_TYPE.entry },
  });
  if (response.status !== 200 && response.status !== 201) return rejected(response);
  return { kind: 'taken', result: decodeEntryReply(await readMessage(response)).result };
}

async function ping(http: KyInstance, url: URL): Promise<{ readonly kind: 'taken' } | Rejected> {
  const response = await http.get(url);
  await response.body?.cancel();
  return response.status === 200 ? { kind: 'taken' } : rejected(response);
}

/** A reply whose body cannot be understood is as good as none: the hit may have been counted or not. */
async function settled<T>(request: () => Promise<T>): Promise<T | Unavailable> {
  try {
    return await request();
  } catch (error) {
    if (error instanceof HTTPError) {
      await error.response.body?.cancel().catch(() => undefined);
      return { kind: 'unavailable', why: `the server answers ${error.response.status}` };
    }
    return { kind: 'unavailable', why: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  let at: unknown = error;
  for (let depth = 0; depth < 4 && at instanceof Error; depth++) {
    if ('code' in at && typeof at.code === 'string') return `${at.code}: ${at.message || 'no connection'}`;
    if (!(at.cause instanceof Error)) return at.message;
    at = at.cause;
  }
  return 'no connection';
}

async function readMessage(response: Response): Promise<unknown> {
  const format = messageFormat(response.headers.get('content-type') ?? undefined);
  if (!format) throw new TypeError('the reply is neither msgpack nor JSON');
  return decodeMessage(await readCapped(response, MAX_MESSAGE_BYTES), format);
}

async function readCapped(response: Response, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > limit) throw new TypeError(`the reply has more than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function rejected(response: Response): Promise<Rejected> {
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
