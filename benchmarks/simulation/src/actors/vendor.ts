/**
 * The vendor's machine: the real half of the conversation (`answerOffer`, `answerLeases`, `vendorGate`, demands) over a
 * memory store behind a disk. What a destination server adds (routes, tokens, which origin speaks with which token) is
 * modelled here in its order.
 * @module
 */
import { gunzipSync } from 'node:zlib';
import { bucketId } from '@fr/bucket';
import { decodeLeaseRequest, decodeOffer, type EntryHeader, matchesBucket } from '@fr/protocol';
import { generateSigningKey, type SigningKey } from '@fr/protocol/signature';
import { decodeMessage, encodeMessage } from '@fr/protocol/wire';
import type { Store } from '@fr/store';
import { type MemoryImage, type MemoryStore, openMemoryStore } from '@fr/store/memory';
import {
  answerLeases,
  answerOffer,
  closeMetDemands,
  type LeaseDesk,
  openLeaseDesk,
  vendorGate,
} from '@fr/sync';
import type { Watch } from '../checks/watch.ts';
import type { Mutation } from '../mutation.ts';
import { storeOf } from '../world/disk.ts';
import { type Life, Machine, never } from '../world/machine.ts';
import type { World } from '../world/world.ts';

export const vendorKey: SigningKey = generateSigningKey();

/** What an upload is answered with. */
export type Receipt =
  | { readonly code: 'stored' | 'duplicate'; readonly entryId: string; readonly digest: string }
  | { readonly code: string };

interface Running {
  readonly life: Life;
  readonly store: Store;
  readonly desk: LeaseDesk;
}

/** What lies on its disk; the watcher's own notes about it go where it goes. */
interface Disk {
  readonly store: MemoryStore;
  readonly samples: Map<string, number>;
  readonly seen: Set<string>;
  readonly totals: Map<string, number>;
}

export class Vendor {
  readonly machine: Machine;
  disk: Disk;
  running: Running | undefined;
  restored = false;
  readonly #world: World;
  readonly #watch: Watch;
  readonly #mutation: Mutation;

  constructor(world: World, watch: Watch, mutation: Mutation) {
    this.#world = world;
    this.#watch = watch;
    this.#mutation = mutation;
    this.machine = new Machine(world, 'vendor');
    const { now } = this.machine;
    const store = openMemoryStore({ now, random: world.random.bytes });
    this.disk = { store, samples: new Map(), seen: new Set(), totals: new Map() };
    this.machine.onStart = (life) => this.#start(life);
  }

  /** The store as a life sees it; what is merged and stored is seen by the watcher in the moment it is. */
  #watched(life: Life, disk: Disk): Store {
    const { store } = disk;
    const hits: Store['hits'] = {
      ...store.hits,
      merge: async (origin, totals, at) => {
        const held = await store.hits.merge(origin, totals, at);
        this.#watch.offered(origin.id, totals);
        await this.#checkTotals(
          disk,
          totals.map(({ bucket }) => bucketId(bucket)),
        );
        return held;
      },
    };
    const entries: Store['entries'] = {
      ...store.entries,
      add: async (frame, gate, at) => {
        const added = await store.entries.add(frame, gate, at);
        if (added.result === 'stored') await this.#checkStored(disk, added.entry.header);
        return added;
      },
    };
    const watched = storeOf(this.machine, life, { ...store, hits, entries });
    return this.#mutation.vendorStore?.(watched) ?? watched;
  }

  async #start(life: Life): Promise<void> {
    const store = this.#watched(life, this.disk);
    const { now, elapsed } = this.machine;
    const desk = await openLeaseDesk(store.settings, { now, elapsed, random: this.#world.random.next });
    this.running = { life, store, desk };
    this.#world.log('vendor', 'starts');
  }

  async #checkTotals({ store, totals }: Disk, ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const hits = (await store.queries.bucket(id))?.hits ?? 0;
      if (hits < (totals.get(id) ?? 0)) this.#world.fail(`vendor: the total of ${id} runs backwards`);
      totals.set(id, hits);
      const counted = this.#watch.counted.get(id) ?? 0;
      if (hits > counted) this.#world.fail(`vendor: ${hits} hits of ${id}, only ${counted} were counted`);
    }
  }

  async #checkStored({ store, samples, seen }: Disk, { entryId, bucket, parts }: EntryHeader): Promise<void> {
    if (seen.has(entryId)) this.#world.fail(`vendor: ${entryId} is stored twice`);
    seen.add(entryId);
    const demands = await store.demands.list();
    for (const { type } of parts) {
      const key = `${bucketId(bucket)} ${type}`;
      const held = (samples.get(key) ?? 0) + 1;
      samples.set(key, held);
      const asked = demands
        .filter(({ demand }) => matchesBucket(demand.terms.pattern, bucket))
        .flatMap(({ demand }) => demand.terms.types)
        .reduce((sum, wanted) => sum + (wanted.type === type ? wanted.count : 0), 0);
      if (held > asked) this.#world.fail(`vendor: holds ${held} of ${key}, ${asked} were asked for`);
    }
    this.#world.log('vendor', `stores ${entryId} (${parts.map(({ type }) => type).join(', ')})`);
  }

  async #alive(): Promise<Running> {
    const { running } = this;
    return running?.life.alive ? running : await never();
  }

  async offer(site: string, body: Uint8Array, encoding?: 'gzip'): Promise<Uint8Array> {
    const { store, desk } = await this.#alive();
    const offer = decodeOffer(decodeMessage(inflated(body, encoding), 'msgpack'));
    const origins = await originsOf(store, site);
    if (!origins.includes(offer.origin.id))
      await store.settings.write(`origins ${site}`, [...origins, offer.origin.id]);
    const leasing = { desk, caller: site };
    const reply = await answerOffer({ store, key: vendorKey, offer, now: this.machine.now(), leasing });
    return encodeMessage(reply, 'msgpack');
  }

  async lease(site: string, body: Uint8Array): Promise<Uint8Array> {
    const { store, desk } = await this.#alive();
    const request = decodeLeaseRequest(decodeMessage(body, 'msgpack'));
    const originIds = await originsOf(store, site);
    const leasing = { desk, caller: site };
    const now = this.machine.now();
    return encodeMessage(await answerLeases({ store, leasing, originIds, request, now }), 'msgpack');
  }

  async upload(site: string, entryId: string, frame: Uint8Array, shown: readonly number[]): Promise<Receipt> {
    const { store, desk } = await this.#alive();
    const fences = shown.filter((fence) => desk.find(fence)?.holder.startsWith(`${site} `));
    if (fences.length < shown.length && !(await store.entries.read(entryId))) return { code: 'lease-over' };
    const originIds = await originsOf(store, site);
    const now = this.machine.now();
    const asked = vendorGate({ store, originIds, now, leasing: { desk, caller: site }, fences });
    const gate = this.#mutation.vendorGate?.(asked) ?? asked;
    const added = await store.entries.add(inChunks(frame), gate, now).catch(() => undefined);
    if (!added) return { code: 'malformed' };
    if (added.result === 'refused') return { code: added.reason };
    desk.spend(fences);
    if (added.result === 'stored') await closeMetDemands({ store, now: this.machine.now() });
    return { code: added.result, entryId, digest: added.entry.digest };
  }

  /** A copy of all that is on the disk now; what it gives is the act of putting it back. */
  backup(): () => void {
    const image: MemoryImage = this.disk.store.image();
    const { samples, seen, totals } = this.disk;
    const notes = { samples: new Map(samples), seen: new Set(seen), totals: new Map(totals) };
    return () => {
      this.#world.log('vendor', 'is restored from a backup');
      this.machine.kill('to be restored');
      this.restored = true;
      const { now } = this.machine;
      this.disk = { ...notes, store: openMemoryStore({ now, random: this.#world.random.bytes, image }) };
    };
  }
}

async function originsOf({ settings }: Pick<Store, 'settings'>, site: string): Promise<readonly string[]> {
  const known = await settings.read(`origins ${site}`);
  return Array.isArray(known) ? known : [];
}

/** At once: work of another thread would not be in the run's order. */
export function inflated(body: Uint8Array, encoding: 'gzip' | undefined): Uint8Array {
  return encoding === 'gzip' ? gunzipSync(body) : body;
}

export async function* inChunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  const half = Math.ceil(bytes.byteLength / 2);
  yield bytes.subarray(0, half);
  yield bytes.subarray(half);
}
