import { decodeEntryReply, LEASE_HEADER, MEDIA_TYPE, printFences } from '@fr/protocol';
import type { KyInstance } from 'ky';
import type { EntryTaken, Rejected, Unavailable } from '../server-link.ts';
import { RETRIED, readMessage, rejected, unavailable } from './reply.ts';
import { streamedPut } from './streamed-put.ts';

const REPLY_TIMEOUT_MS = 10_000;
/** 64 KiB a second: what is slower is given up, and tried again. */
const SLOWEST_BYTES_PER_MS = 64;
const IN_ONE_PIECE = 1024 * 1024;

/** An entry on its way. */
export interface OutgoingEntry {
  readonly entryId: string;
  readonly bytes: number;
  /** From the start: called for each attempt. */
  readonly frame: () => AsyncIterable<Uint8Array>;
  /** Of the leases it goes under. */
  readonly fences: readonly number[];
  readonly over?: AbortSignal | undefined;
  /** Told when bytes were taken. */
  readonly onProgress?: (() => void) | undefined;
}

/** Sends an entry: a small one in one piece, so that it can be in one packet, a large one while it is read. */
export async function putEntry(
  http: KyInstance,
  url: URL,
  entry: OutgoingEntry,
  link: {
    readonly headers: Readonly<Record<string, string>>;
    readonly signal: AbortSignal;
    readonly now: () => number;
  },
): Promise<EntryTaken | Rejected | Unavailable> {
  const { bytes, frame, fences, over, onProgress } = entry;
  const headers = {
    'content-type': MEDIA_TYPE.entry,
    ...(fences.length > 0 ? { [LEASE_HEADER]: printFences(fences) } : {}),
  };
  const signal = over ? AbortSignal.any([link.signal, over]) : link.signal;
  let response: Response;
  if (bytes <= IN_ONE_PIECE) response = await http.put(url, { body: await whole(frame()), headers, signal });
  else {
    const timeout = AbortSignal.timeout(REPLY_TIMEOUT_MS + Math.ceil(bytes / SLOWEST_BYTES_PER_MS));
    const all = { ...link.headers, ...headers, 'content-length': String(bytes) };
    response = await streamedPut(url, all, counted(frame(), onProgress), AbortSignal.any([signal, timeout]));
    if (RETRIED.includes(response.status)) return unavailable(response, link.now());
  }
  if (response.status !== 200 && response.status !== 201) return rejected(response);
  return { kind: 'taken', result: decodeEntryReply(await readMessage(response)).result };
}

async function whole(frame: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of frame) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}

async function* counted(
  frame: AsyncIterable<Uint8Array>,
  onProgress: (() => void) | undefined,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of frame) {
    onProgress?.();
    yield chunk;
  }
}
