/**
 * The reporter's side of the wire. Talks to the configured server and to nothing else: redirects are not followed, no
 * address from a reply is used. Every reply, however wrong, becomes one of a few values.
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type DropReport,
  decodeHitsReply,
  decodeLeaseReply,
  type Hit,
  type HitsRequest,
  type LeaseReply,
  type LeaseRequest,
  MEDIA_TYPE,
  PROTOCOL_VERSION,
  ROUTES,
  type SignedAnswer,
  type SignedDemand,
} from '@fr/protocol';
import type { PresentedKey } from '@fr/protocol/signature';
import { encodeMessage } from '@fr/protocol/wire';
import ky, { HTTPError, type KyInstance, TimeoutError } from 'ky';
import { BETWEEN_ATTEMPTS, delayAfter } from './backoff.ts';
import { type OutgoingEntry, putEntry } from './sending/entry-upload.ts';
import { RETRIED, readMessage, rejected, unavailable } from './sending/reply.ts';

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
  /** The key the server presents; none where nothing is wanted. */
  readonly presented?: PresentedKey;
}

export interface EntryTaken {
  readonly kind: 'taken';
  readonly result: 'stored' | 'duplicate';
}

/** What the site says to an ask for leases. */
export interface LeasesTold {
  readonly kind: 'taken';
  readonly reply: LeaseReply;
}

export interface ServerLink {
  /** Scheme, host and port of the server. */
  readonly origin: string;
  postHits(hits: readonly Hit[]): Promise<HitTaken | Rejected | Unavailable>;
  /** Tells what was given up. */
  postDrops(drops: DropReport): Promise<HitTaken | Rejected | Unavailable>;
  /** Sends hits that are not counted; the key in the answer is the site's. */
  testHits(hits: readonly Hit[]): Promise<HitTaken | Rejected | Unavailable>;
  /** Asks for leases, renews them, gives them back. */
  askLeases(request: LeaseRequest): Promise<LeasesTold | Rejected | Unavailable>;
  /** Sends an entry, without taking it into memory. `over` breaks it off. */
  putEntry(entry: OutgoingEntry): Promise<EntryTaken | Rejected | Unavailable>;
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

const REPLY_TIMEOUT_MS = 10_000;
const OUT_OF_TIME = 'the server was still to answer when the time of this run was over';

export function serverLink(options: LinkOptions): ServerLink {
  const { server, key, signal, now = Date.now } = options;
  const headers = {
    accept: MEDIA_TYPE.msgpack,
    'accept-encoding': 'identity',
    ...(key === '' ? {} : { authorization: `Bearer ${key}` }),
  };
  const http = ky.create({
    redirect: 'manual',
    signal,
    timeout: REPLY_TIMEOUT_MS,
    retry: 0,
    throwHttpErrors: (status) => RETRIED.includes(status),
    headers,
  });
  // A server may live below a path; the leading slash of a route would throw that path away.
  const base = server.href.endsWith('/') ? server.href : `${server.href}/`;
  const at = (route: string): URL => new URL(route.replace(/^\//, ''), base);
  return {
    origin: server.origin,
    postHits: (hits) => settled(() => postHits(http, at(ROUTES.hits), { hits }), options),
    postDrops: (drops) => settled(() => postHits(http, at(ROUTES.hits), { hits: [], drops }), options),
    testHits: (hits) => settled(() => postHits(http, at(ROUTES.hits), { hits, test: true }), options),
    askLeases: (request) => settled(() => askLeases(http, at(ROUTES.leases), request), options),
    putEntry: (entry) =>
      settled(
        () => putEntry(http, at(ROUTES.entry(entry.entryId)), entry, { headers, signal, now }),
        options,
      ),
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
    presented: { key: reply.key, ...(reply.succession && { succession: reply.succession }) },
  };
}

async function askLeases(http: KyInstance, url: URL, request: LeaseRequest): Promise<LeasesTold | Rejected> {
  const body = new Uint8Array(encodeMessage(request, 'msgpack'));
  const response = await http.post(url, { body, headers: { 'content-type': MEDIA_TYPE.msgpack } });
  if (response.status !== 200) return rejected(response);
  return { kind: 'taken', reply: decodeLeaseReply(await readMessage(response)) };
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
    const answer = await once(request, now, signal);
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
async function once<T>(
  request: () => Promise<T>,
  now: () => number,
  signal: AbortSignal,
): Promise<T | Unavailable> {
  try {
    return await request();
  } catch (error) {
    if (!(error instanceof HTTPError))
      return { kind: 'unavailable', why: signal.aborted ? OUT_OF_TIME : reasonOf(error) };
    await error.response.body?.cancel().catch(() => undefined);
    return unavailable(error.response, now());
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof TimeoutError) return `no answer within ${REPLY_TIMEOUT_MS / 1_000} s`;
  let at: unknown = error;
  for (let depth = 0; depth < 4 && at instanceof Error; depth++) {
    if ('code' in at && typeof at.code === 'string') return `${at.code}: ${at.message || 'no connection'}`;
    // A cause may have nothing to say.
    if (!(at.cause instanceof Error) || at.cause.message === '') return at.message;
    at = at.cause;
  }
  return 'no connection';
}
