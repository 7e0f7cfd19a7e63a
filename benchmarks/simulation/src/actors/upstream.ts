import {
  decodeLeaseReply,
  decodeOfferReply,
  type EntryHeader,
  type LeaseReply,
  type OfferReply,
} from '@fr/protocol';
import { decodeMessage } from '@fr/protocol/wire';
import { type Destination, type LedgerRecord, SyncError, type UploadResult } from '@fr/sync';
import { type Heard, hearReply } from '../checks/heard.ts';
import type { Watch } from '../checks/watch.ts';
import { type Life, never } from '../world/machine.ts';
import { type Reply, request } from '../world/network.ts';
import type { World } from '../world/world.ts';
import { inflated, type Receipt, type Vendor } from './vendor.ts';

/** The way from a life of a site to its vendor. */
export interface UpstreamOptions {
  readonly world: World;
  readonly watch: Watch;
  readonly vendor: Vendor;
  readonly life: Life;
  /** Name of the site and of its token. */
  readonly site: string;
  readonly records: readonly LedgerRecord[];
  readonly heard: Heard;
  /** Whether the site lets parts of a type of a bucket go now. */
  readonly permitted: (header: EntryHeader, type: string) => boolean;
}

const UPLOAD_PATIENCE_MS = 20 * 60_000;

/** A destination over the simulated network, with every message encoded and decoded by the real codecs. */
export function upstream(options: UpstreamOptions): Destination {
  const { world, watch, vendor, life, site, records, heard } = options;
  async function message(
    body: Uint8Array,
    arrive: () => Promise<Uint8Array>,
    signal: AbortSignal | undefined,
    encoding?: 'gzip',
  ): Promise<unknown> {
    const plain = inflated(body, encoding);
    const leave = (): void => {
      if (life.alive) watch.message(site, records, body, plain);
    };
    const reply = await request(world, { from: site, to: vendor.machine }, leave, arrive);
    if (!life.alive) return await never();
    if (signal?.aborted) throw new SyncError('aborted', 'ended');
    return decodeMessage(spoken(reply), 'msgpack');
  }
  return {
    async offer(offer, body, { signal, encoding } = {}): Promise<OfferReply> {
      const arrive = (): Promise<Uint8Array> => vendor.offer(site, body, encoding);
      const reply = decodeOfferReply(await message(body, arrive, signal, encoding));
      hearReply(heard, offer, reply);
      return reply;
    },
    async lease(_request, body, { signal } = {}): Promise<LeaseReply> {
      return decodeLeaseReply(await message(body, () => vendor.lease(site, body), signal));
    },
    async upload(header, _size, frame, { signal, fences = [] } = {}): Promise<UploadResult> {
      let body = Buffer.alloc(0);
      const leave = async (): Promise<void> => {
        body = await takenOf(frame, world);
        if (!life.alive) return;
        const permitted = (type: string): boolean => options.permitted(header, type);
        watch.entry(site, records, header, body, { heard, permitted });
      };
      const link = { from: site, to: vendor.machine, patienceMs: UPLOAD_PATIENCE_MS };
      const sending = request(world, link, leave, () => vendor.upload(site, header.entryId, body, fences));
      const reply = await Promise.race([sending, abortion(signal)]);
      return life.alive ? resultOf(spoken(reply)) : await never();
    },
  };
}

/** What of a frame gets onto the wire: all of it, or what there was when the connection broke. */
async function takenOf(frame: AsyncIterable<Uint8Array>, world: World): Promise<Buffer<ArrayBuffer>> {
  const breaks = world.happens('break', 0.1) ? 1 + world.random.below(4) : Number.POSITIVE_INFINITY;
  const chunks: Uint8Array[] = [];
  for await (const chunk of frame) {
    chunks.push(chunk);
    if (chunks.length >= breaks) break;
  }
  return Buffer.concat(chunks);
}

function abortion(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    const end = (): void => reject(new SyncError('aborted', 'ended'));
    if (signal?.aborted) end();
    signal?.addEventListener('abort', end, { once: true });
  });
}

function spoken<T>(reply: Reply<T>): T {
  if ('value' in reply) return reply.value;
  if (reply.silence === 'not-reached')
    throw new SyncError('unreachable', 'nobody is there', { nothingLeft: true });
  throw new SyncError('timeout', 'no answer');
}

function resultOf(receipt: Receipt): UploadResult {
  if ('digest' in receipt) {
    const { code, digest } = receipt;
    return { result: code === 'stored' ? 'stored' : 'duplicate', digest };
  }
  const { code } = receipt;
  if (code === 'not-needed') return { result: 'not-needed' };
  if (code === 'lease-needed' || code === 'lease-over') return { result: 'unleased' };
  if (code === 'malformed') throw new SyncError('upstream-failed', 'the connection broke');
  return { result: 'refused', code, detail: '' };
}
