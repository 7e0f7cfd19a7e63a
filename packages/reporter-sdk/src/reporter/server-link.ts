/**
 * The reporter's side of the wire. Talks to the configured server and to nothing else: redirects are not followed, no
 * address from a reply is used. Every reply, however wrong, becomes one of a few values.
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type DropReport,
  decodeEntryReply,
  decodeHitsReply,
  type Hit,
  type HitsRequest,
  MAX_MESSAGE_BYTES,
  MEDIA_TYPE,
  PROTOCOL_VERSION,
  ROUTES,
  type SignedAnswer,
  type SignedDemand,
} from '@fr/protocol';
import { decodeMessage, encodeMessage, messageFormat } from '@fr/protocol/wire';
import ky, { HTTPError, type KyInstance } from 'ky';
import { BETWEEN_ATTEMPTS, delayAfter, retryAfterOf } from './backoff.ts';

/** The request may succeed later: the failure stays in the spool. */
export interface Unavailable {
  readonly kind: 'unavailable';
  readonly why: string;
  /** How long the server asks to be left alone. */
  readonly retryAfterMs?: number;
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
  readonly answers: readonly SignedAnswer[];
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
  /** Tells what was given up. */
  postDrops(drops: DropReport): Promise<HitTaken | Rejected | Unavailable>;
  /** Sends hits that are not counted; the key in the answer is the site's. */
  testHits(hits: readonly Hit[]): Promise<HitTaken | Rejected | Unavailable>;
  putEntry(entryId: string, frame: Uint8Array): Promise<EntryTaken | Rejected | Unavailable>;
  /** Whether the server is there at all. */
  ping(): Promise<Alive | Rejected | Unavailable>;
}

/** The server is there. */
export interface Alive {
  readonly kind: 'taken';
  /** Its clock, milliseconds since 1970, to the second. */
  readonly at?: number;
}

/** How long and how often is tried; see backoff for the delays. */
export interface LinkOptions {
  readonly server: URL;
  readonly key: string;
  readonly signal: AbortSignal;
  readonly retries: number;
  readonly now?: () => number;
  readonly random?: () => number;
}

const RETRIED = [408, 429, 500, 502, 503, 504];
const REPLY_TIMEOUT_MS = 10_000;
const MAX_DETAIL = 300;

export function serverLink(options: LinkOptions): ServerLink {
  const { server, key, signal } = options;
  const http = ky.create({
    redirect: 'manual',
    signal,
    timeout: REPLY_TIMEOUT_MS,
    retry: 0,
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
    postHits: (hits) => settled(() => postHits(http, at(ROUTES.hits), { hits }), options),
    postDrops: (drops) => settled(() => postHits(http, at(ROUTES.hits), { hits: [], drops }), options),
    testHits: (hits) => settled(() => postHits(http, at(ROUTES.hits), { hits, test: true }), options),
    putEntry: (entryId, frame) => settled(() => putEntry(http, at(ROUTES.entry(entryId)), frame), options),
    ping: () => settled(() => ping(http, at(ROUTES.live)), options),
  };
}

async function postHits(
  http: KyInstance,
  url: URL,
  request: Omit<HitsRequest, 'protocol'>,
): Promise<HitTaken | Rejected> {
  const { hits } = request;
  const body = encodeMessage({ protocol: PROTOCOL_VERSION, ...request }, 'msgpack');
  const response = await http.post(url, {
    body: new Uint8Array(body),
    headers: { 'content-type': MEDIA_TYPE.msgpack },
  });
  if (response.status === 204) return { kind: 'taken', result: 'counted', demands: [], answers: [] };
  if (response.status !== 200) return rejected(response);
  const reply = decodeHitsReply(await readMessage(response));
  const own = reply.results.find(({ reportId }) => reportId === hits[0]?.reportId);
  return {
    kind: 'taken',
    result: own?.result ?? 'counted',
    ...(own?.reason === undefined ? {} : { reason: own.reason }),
    demands: reply.demands,
    answers: reply.answers ?? [],
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

async function ping(http: KyInstance, url: URL): Promise<Alive | Rejected> {
  const response = await http.get(url);
  await response.body?.cancel();
  if (response.status !== 200) return rejected(response);
  const at = Date.parse(response.headers.get('date') ?? '');
  return { kind: 'taken', ...(Number.isNaN(at) ? {} : { at }) };
}

/** Tries again while the server is unavailable, as often and as soon as it may be. */
async function settled<T extends { readonly kind: string }>(
  request: () => Promise<T>,
  { signal, retries, now = Date.now, random = Math.random }: LinkOptions,
): Promise<T | Unavailable> {
  for (let failures = 1; ; failures++) {
    const answer = await once(request, now);
    if (!isUnavailable(answer) || failures > retries) return answer;
    const delay = delayAfter(failures, BETWEEN_ATTEMPTS, random(), answer.retryAfterMs);
    if (delay > BETWEEN_ATTEMPTS.mostMs) return answer;
    await sleep(delay, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return answer;
  }
}

function isUnavailable(answer: { readonly kind: string }): answer is Unavailable {
  return answer.kind === 'unavailable';
}

/** A reply whose body cannot be understood is as good as none: the hit may have been counted or not. */
async function once<T>(request: () => Promise<T>, now: () => number): Promise<T | Unavailable> {
  try {
    return await request();
  } catch (error) {
    if (!(error instanceof HTTPError)) return { kind: 'unavailable', why: reasonOf(error) };
    const { response } = error;
    await response.body?.cancel().catch(() => undefined);
    const retryAfterMs = retryAfterOf(response.headers.get('retry-after'), now());
    return {
      kind: 'unavailable',
      why: `the server answers ${response.status}`,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    };
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
