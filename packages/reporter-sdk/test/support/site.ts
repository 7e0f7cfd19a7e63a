import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Bucket, bucketId } from '@fr/bucket';
import {
  type DropReason,
  decodeHitsRequest,
  decodeLeaseRequest,
  type EntryHeader,
  type Hit,
  LEASE_HEADER,
  type LeaseReply,
  type LeaseRequest,
  MEDIA_TYPE,
  type ProblemCode,
  problemDocument,
  readFrame,
  type SignedAnswer,
  type SignedDemand,
} from '@fr/protocol';
import {
  generateSigningKey,
  issueToken,
  presentKey,
  type SigningKey,
  signDemand,
} from '@fr/protocol/signature';
import { decodeMessage, encodeMessage, messageFormat } from '@fr/protocol/wire';

/** An entry as it arrived: its header and the text of its parts. */
export interface StoredEntry {
  readonly header: EntryHeader;
  readonly parts: Readonly<Record<string, string>>;
  /** As the upload showed them. */
  readonly fences?: string | undefined;
}

/** What a test changes about a site while it runs. */
export interface SiteBehaviour {
  /** What is asked for when a hit of this bucket comes. Default: nothing. */
  demands: (bucket: Bucket) => readonly SignedDemand[];
  /** What is told when a hit of this bucket comes. Default: nothing. */
  answers: (bucket: Bucket) => readonly SignedAnswer[];
  /** What is said to asks for leases. Default: a site that knows nothing of them. */
  leases?: ((request: LeaseRequest) => LeaseReply) | undefined;
  /** Key presented with demands, and how it came to it. */
  presents: SigningKey;
  /** Answers instead of the site, to any request. */
  intercept?: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
  /** Answer to an entry that is not stored. */
  refuseEntry?: { readonly status: number; readonly code: ProblemCode } | undefined;
}

/** A file server as small as a reporter can tell: real HTTP, real decoding, real signatures, memory only. */
export interface Site extends SiteBehaviour {
  readonly url: string;
  readonly port: number;
  readonly key: SigningKey;
  /** A reporter key that pins this site. */
  readonly token: string;
  readonly hits: Hit[];
  /** Hits that were only a test. */
  readonly tests: Hit[];
  /** Occurrences that reporters have given up, each report counted once. */
  readonly drops: Partial<Record<DropReason, number>>;
  readonly entries: StoredEntry[];
  readonly leaseRequests: LeaseRequest[];
  readonly requests: { readonly line: string; readonly authorization: string | undefined }[];
  /** Occurrences per bucket id, each report id counted once. */
  counts(): Map<string, number>;
  close(): Promise<void>;
}

/** Starts a site on a free (or the given) port. */
export async function startSite(options: { port?: number; key?: SigningKey } = {}): Promise<Site> {
  const key = options.key ?? generateSigningKey();
  const seen = new Set<string>();
  const server = createServer((request, response) => {
    handle(site, seen, request, response).catch((error: unknown) => {
      response.writeHead(400, { 'content-type': MEDIA_TYPE.problem });
      response.end(JSON.stringify(problemDocument('malformed', 400, String(error))));
    });
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const site: Site = {
    url: `http://127.0.0.1:${port}`,
    port,
    key,
    token: issueToken('frk', key.keyId),
    hits: [],
    tests: [],
    drops: {},
    entries: [],
    leaseRequests: [],
    requests: [],
    demands: () => [],
    answers: () => [],
    presents: key,
    counts() {
      const counts = new Map<string, number>();
      for (const hit of site.hits) {
        const id = bucketId(hit.bucket);
        counts.set(id, (counts.get(id) ?? 0) + hit.count);
      }
      return counts;
    },
    close: () => closed(server),
  };
  return site;
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}

async function handle(
  site: Site,
  seen: Set<string>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = '', url = '', headers } = request;
  site.requests.push({ line: `${method} ${url}`, authorization: headers.authorization });
  if (site.intercept?.(request, response)) return;
  if (url === '/health/live') {
    response.writeHead(200).end();
  } else if (method === 'POST' && url === '/v1/hits') {
    await takeHits(site, seen, request, response);
  } else if (method === 'POST' && url === '/v1/leases' && site.leases) {
    const asked = decodeLeaseRequest(decodeMessage(await bodyOf(request), 'msgpack'));
    site.leaseRequests.push(asked);
    response.writeHead(200, { 'content-type': MEDIA_TYPE.msgpack });
    response.end(encodeMessage(site.leases(asked), 'msgpack'));
  } else if (method === 'PUT' && url.startsWith('/v1/entries/')) {
    await takeEntry(site, request, response);
  } else {
    response.writeHead(404).end();
  }
}

async function takeHits(
  site: Site,
  seen: Set<string>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const format = messageFormat(request.headers['content-type']);
  const { hits, drops, test } = decodeHitsRequest(decodeMessage(await bodyOf(request), format ?? 'json'));
  if (test) {
    site.tests.push(...hits);
    response.writeHead(200, { 'content-type': MEDIA_TYPE.msgpack });
    response.end(encodeMessage({ results: [], demands: [], ...presentKey(site.presents) }, 'msgpack'));
    return;
  }
  if (drops && !seen.has(drops.reportId)) {
    seen.add(drops.reportId);
    for (const { reason, count } of drops.counts) site.drops[reason] = (site.drops[reason] ?? 0) + count;
  }
  const results = hits.map((hit) => {
    const known = seen.has(hit.reportId);
    seen.add(hit.reportId);
    if (!known) site.hits.push(hit);
    return { reportId: hit.reportId, result: known ? 'duplicate' : 'counted' };
  });
  const demands = hits.flatMap(({ bucket }) => site.demands(bucket));
  const answers = hits.flatMap(({ bucket }) => site.answers(bucket));
  if (demands.length === 0 && answers.length === 0) {
    response.writeHead(204).end();
    return;
  }
  response.writeHead(200, { 'content-type': MEDIA_TYPE.msgpack });
  response.end(encodeMessage({ results, demands, answers, ...presentKey(site.presents) }, 'msgpack'));
}

async function takeEntry(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const refusal = site.refuseEntry;
  if (refusal) {
    request.resume();
    response.writeHead(refusal.status, { 'content-type': MEDIA_TYPE.problem });
    response.end(JSON.stringify(problemDocument(refusal.code, refusal.status, 'not wanted here')));
    return;
  }
  const parts: Record<string, string> = {};
  let header: EntryHeader | undefined;
  let digest = '';
  for await (const piece of readFrame(request)) {
    if (piece.kind === 'header') header = piece.header;
    else if (piece.kind === 'bytes')
      parts[piece.part.type] = (parts[piece.part.type] ?? '') + Buffer.from(piece.chunk).toString('utf8');
    else digest = piece.digest;
  }
  if (!header) throw new Error('an entry without a header');
  const { entryId } = header;
  const known = site.entries.some((entry) => entry.header.entryId === entryId);
  const fences = request.headers[LEASE_HEADER];
  if (!known)
    site.entries.push({ header, parts, ...(fences === undefined ? {} : { fences: String(fences) }) });
  response.writeHead(known ? 200 : 201, { 'content-type': MEDIA_TYPE.msgpack });
  response.end(encodeMessage({ entryId, result: known ? 'duplicate' : 'stored', digest }, 'msgpack'));
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

/** A demand for one sample of each type, for the bucket given. */
export function demandFor(
  bucket: Bucket,
  types: readonly string[],
  key: SigningKey,
  changes: Partial<SignedDemand['terms']> = {},
): SignedDemand {
  return signDemand(
    {
      id: `d-${types.join('-').replace(/[^a-z0-9-]/g, '-')}`,
      version: Date.now(),
      pattern: { bucketId: bucketId(bucket) },
      types: types.map((type) => ({ type, count: 1 })),
      each: 'bucket',
      until: Date.now() + 24 * 60 * 60 * 1000,
      reason: 'to find out',
      author: 'the site',
      ...changes,
    },
    key,
  );
}

/** Gives every lease that is asked for, from this fence on, for an hour. */
export function givesAll(first: number): (request: LeaseRequest) => LeaseReply {
  let fence = first;
  return ({ asks }) => ({
    given: asks
      .filter(({ count }) => count > 0)
      .map(({ fence: shown, ...ask }) => ({ ...ask, fence: shown ?? fence++, expiresInMs: 3_600_000 })),
    refused: [],
  });
}

/** Gives none. */
export function refusesAll(reason: 'leased-out' | 'not-wanted'): (request: LeaseRequest) => LeaseReply {
  return ({ asks }) => ({
    given: [],
    refused: asks.map(({ fence: _, count: __, ...subject }) => ({ ...subject, reason })),
  });
}
