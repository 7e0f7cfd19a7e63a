import {
  decodeEntryReply,
  decodeLeaseReply,
  decodeOfferReply,
  type EntryHeader,
  LEASE_HEADER,
  type LeaseReply,
  MEDIA_TYPE,
  type Offer,
  type OfferReply,
  printFences,
  ROUTES,
} from '@fr/protocol';
import ky, { type KyInstance } from 'ky';
import { SyncError } from '../sync-error.ts';
import type { Destination, FrameBytes, UploadResult } from './destination.ts';
import { networkFailure } from './network-failure.ts';
import { readProblem, readReply } from './reply-body.ts';
import { streamedPut } from './streamed-put.ts';

/** Where a destination server is and how it is spoken to. */
export interface HttpDestinationOptions {
  /** `https://vendor.example` or `http://127.0.0.1:8788`; a path in front of the routes is kept. */
  readonly url: string;
  /** The site's token; sent to this origin and no other. */
  readonly token: string;
  /** Default: the platform's. For client certificates, give one that uses an agent; it then holds large uploads in memory. */
  readonly fetch?: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** Longest wait for an answer, in milliseconds; default 30,000. An upload gets a second more for each 64 KiB. */
  readonly timeoutMs?: number;
}

/** A destination over HTTP. `to` is the URL's origin, as receipts, ledger and demands name it. */
export interface HttpDestination extends Destination {
  readonly to: string;
}

type Body = NonNullable<RequestInit['body']>;

/** What a request is made of: a body that is there, or one that is large and sent while it is read. */
interface RequestParts {
  readonly body?: Body;
  readonly large?: AsyncIterable<Uint8Array>;
  readonly headers: Record<string, string>;
  readonly timeout: number;
}

const SLOWEST_BYTES_PER_SECOND = 64 * 1024;
/** From here on an upload is not given to fetch, which would hold all of it. */
const LARGE_BYTES = 1024 * 1024;

/**
 * Speaks to a destination server. Each call is one request: no second try, no redirect followed, no reply longer than
 * a message read. The request's body is byte for byte what it is given. Throws `invalid-url` at once.
 */
export function httpDestination(options: HttpDestinationOptions): HttpDestination {
  const { token, timeoutMs = 30_000 } = options;
  const base = baseUrl(options.url);
  const to = base.origin;
  const http: KyInstance = ky.create({
    headers: { authorization: `Bearer ${token}` },
    redirect: 'manual',
    retry: 0,
    throwHttpErrors: false,
    ...(options.fetch ? { fetch: options.fetch } : {}),
  });
  async function send(
    url: URL,
    method: string,
    { body, large, headers }: RequestParts,
    signal: AbortSignal,
  ): Promise<Response> {
    if (large) return await streamedPut(url, { ...headers, authorization: `Bearer ${token}` }, large, signal);
    return await http(url, { method, ...(body ? { body } : {}), headers, timeout: false, signal });
  }
  async function request<T>(
    method: string,
    route: string,
    init: RequestParts,
    signal: AbortSignal | undefined,
    read: (response: Response) => Promise<T>,
  ): Promise<T> {
    // The clock runs until the reply has been read, so that a body that trickles does not hold a pass.
    const clock = AbortSignal.timeout(init.timeout);
    const ends = signal ? AbortSignal.any([signal, clock]) : clock;
    try {
      const response = await send(new URL(`.${route}`, base), method, init, ends);
      if (response.status >= 300 && response.status < 400) {
        await response.body?.cancel();
        throw new SyncError('redirected', `${to} answers with a redirect, which is never followed`);
      }
      return await read(response);
    } catch (error) {
      if (clock.aborted && !signal?.aborted) {
        throw new SyncError('timeout', `${to} did not answer within ${init.timeout} ms`, { cause: error });
      }
      throw networkFailure(error, to, signal);
    }
  }
  return {
    to,
    offer: (_offer: Offer, body: Uint8Array, { signal, encoding } = {}): Promise<OfferReply> =>
      request('POST', ROUTES.offers, message(body, timeoutMs, encoding), signal, (response) =>
        readMessageReply(response, to, decodeOfferReply),
      ),
    lease: (_request, body: Uint8Array, { signal } = {}): Promise<LeaseReply> =>
      request('POST', ROUTES.leases, message(body, timeoutMs), signal, (response) =>
        readMessageReply(response, to, decodeLeaseReply),
      ),
    upload: (
      header: EntryHeader,
      size: FrameBytes,
      frame,
      { signal, fences = [] } = {},
    ): Promise<UploadResult> => {
      // A fetch that was given is there for its agent; it is used whatever it costs.
      const parts = uploadParts(size, frame, { fences, timeoutMs, streams: !options.fetch });
      return request('PUT', ROUTES.entry(header.entryId), parts, signal, (response) =>
        readUploadReply(response, to),
      );
    },
  };
}

function uploadParts(
  { headerBytes, payloadBytes }: FrameBytes,
  frame: AsyncIterable<Uint8Array>,
  how: { readonly fences: readonly number[]; readonly timeoutMs: number; readonly streams: boolean },
): RequestParts {
  const length = headerBytes + payloadBytes;
  const streams = how.streams && length > LARGE_BYTES;
  return {
    ...(streams ? { large: frame } : { body: ReadableStream.from(frame) as unknown as Body }),
    headers: {
      'content-type': MEDIA_TYPE.entry,
      'content-length': String(length),
      accept: MEDIA_TYPE.msgpack,
      ...(how.fences.length > 0 ? { [LEASE_HEADER]: printFences(how.fences) } : {}),
    },
    timeout: how.timeoutMs + Math.ceil(length / SLOWEST_BYTES_PER_SECOND) * 1000,
  };
}

function baseUrl(text: string): URL {
  const url = URL.parse(text);
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new SyncError('invalid-url', `"${text}" is not an http(s) address`);
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new SyncError('invalid-url', 'the address holds a user name, a query or a fragment; leave it out');
  }
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

/** A message as the body of a request, whose reply is a message too. */
function message(body: Uint8Array, timeout: number, encoding?: 'gzip') {
  const headers = {
    'content-type': MEDIA_TYPE.msgpack,
    accept: MEDIA_TYPE.msgpack,
    ...(encoding && { 'content-encoding': encoding }),
  };
  return { body: body as Uint8Array<ArrayBuffer>, headers, timeout };
}

async function readMessageReply<T>(
  response: Response,
  to: string,
  decode: (value: unknown) => T,
): Promise<T> {
  if (response.ok) return await readReply(response, decode);
  throw await refusal(response, to);
}

/** Statuses that say something about us or the server, not about the entry: the pass ends. */
const ABOUT_THE_PEER: ReadonlySet<number> = new Set([401, 404, 405, 408, 429]);

async function readUploadReply(response: Response, to: string): Promise<UploadResult> {
  if (response.ok) {
    const { result, digest } = await readReply(response, decodeEntryReply);
    return { result, digest };
  }
  if (response.status >= 500 || ABOUT_THE_PEER.has(response.status)) throw await refusal(response, to);
  const problem = await readProblem(response);
  if (problem?.code === 'not-needed') return { result: 'not-needed' };
  if (problem?.code === 'lease-needed' || problem?.code === 'lease-over') return { result: 'unleased' };
  return {
    result: 'refused',
    code: problem?.code ?? `status-${response.status}`,
    detail: problem?.detail ?? 'no reason given',
  };
}

async function refusal(response: Response, to: string): Promise<SyncError> {
  const problem = await readProblem(response);
  const said = problem ? `${problem.code}: ${problem.detail}` : 'no reason given';
  const unauthorized = response.status === 401 || response.status === 403;
  return new SyncError(
    unauthorized ? 'unauthorized' : 'upstream-failed',
    `${to} answers ${response.status} (${said})`,
  );
}
