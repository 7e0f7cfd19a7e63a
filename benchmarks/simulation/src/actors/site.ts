/**
 * A site's machine: real passes, gates, leases and decisions over a memory store behind a disk, a modelled ledger file,
 * and its two sides: reporters (below) and the vendor (above). Its disk can be put back to an earlier state, or copied
 * onto a second machine that then goes on in its name.
 * @module
 */
import { bucketId } from '@fr/bucket';
import { decodeHitsRequest, decodeLeaseRequest, type EntryHeader, type HitsReply } from '@fr/protocol';
import { generateSigningKey, type SigningKey, termsHash } from '@fr/protocol/signature';
import { decodeMessage, encodeMessage } from '@fr/protocol/wire';
import type { Store } from '@fr/store';
import { type MemoryStore, openMemoryStore } from '@fr/store/memory';
import {
  answerReporterLeases,
  countHoldings,
  createPassRunner,
  createSchedule,
  DEFAULT_SITE_DEMAND,
  demandsForReporters,
  type LeaseDesk,
  type LedgerRecord,
  openLeaseDesk,
  type PassRunner,
  type PassSummary,
  type Policy,
  policyRule,
  runPass,
  siteGate,
} from '@fr/sync';
import { copyHeard, type Heard, hearNothing } from '../checks/heard.ts';
import { add, type Watch } from '../checks/watch.ts';
import type { Mutation } from '../mutation.ts';
import { storeOf } from '../world/disk.ts';
import { type Life, Machine, never } from '../world/machine.ts';
import type { World } from '../world/world.ts';
import { ASKING, HEAVY, LISTED, VENDOR } from './catalog.ts';
import { openSimulatedLedger } from './ledger.ts';
import { upstream } from './upstream.ts';
import { inChunks, type Receipt, type Vendor, vendorKey } from './vendor.ts';

export const siteKey: SigningKey = generateSigningKey();
const PASS_EVERY_MS = 5 * 60_000;

interface Running {
  readonly life: Life;
  readonly store: Store;
  readonly desk: LeaseDesk;
  readonly runner: PassRunner;
}

interface Disk {
  readonly store: MemoryStore;
  readonly records: LedgerRecord[];
  readonly heard: Heard;
  /** Occurrences counted on this disk: the watcher's note. */
  readonly counted: Map<string, number>;
}

/** What sites share. */
export interface Surroundings {
  readonly world: World;
  readonly watch: Watch;
  readonly vendor: Vendor;
  readonly mutation: Mutation;
}

export class Site {
  readonly machine: Machine;
  readonly policy: Policy;
  disk: Disk;
  running: Running | undefined;
  /** Its disk was put back, or there are two of it: its totals may be short by what the watcher has voided. */
  disturbed = false;
  /** Epoch under which two disks count at once. */
  sharedEpoch: number | undefined;
  /** Demands its administrator has approved. */
  readonly approved: Set<string> = new Set();
  readonly #around: Surroundings;
  readonly #token: string;

  constructor(name: string, around: Surroundings, asking: boolean, from?: { disk: Disk; token: string }) {
    this.#around = around;
    this.#token = from?.token ?? name;
    this.machine = new Machine(around.world, name);
    const store = openMemoryStore({ now: this.machine.now, random: around.world.random.bytes });
    this.disk = from?.disk ?? { store, records: [], heard: hearNothing(), counted: new Map() };
    this.policy = {
      version: 1,
      offer: [],
      rules: [{ action: 'allow', type: asking ? [HEAVY, ASKING] : HEAVY }],
    };
    this.machine.onStart = (life) => this.#start(life);
  }

  #watched(life: Life, disk: Disk): Store {
    const { store } = disk;
    const hits: Store['hits'] = {
      ...store.hits,
      record: async (hits, at) => {
        const results = await store.hits.record(hits, at);
        const { epoch } = await store.identity.origin();
        this.#around.watch.countedAt(hits, results, epoch === this.sharedEpoch);
        for (const [place, hit] of hits.entries())
          if (results[place]?.result === 'counted') add(disk.counted, bucketId(hit.bucket), hit.count);
        return results;
      },
    };
    const watched = storeOf(this.machine, life, { ...store, hits });
    return this.#around.mutation.siteStore?.(watched) ?? watched;
  }

  async #start(life: Life): Promise<void> {
    const { world, watch, mutation, vendor } = this.#around;
    const { now, elapsed, name } = this.machine;
    const { disk } = this;
    const store = this.#watched(life, disk);
    const desk = await openLeaseDesk(store.settings, { now, elapsed, random: world.random.next });
    const opened = openSimulatedLedger(this.machine, life, disk.records, (record, all) =>
      watch.record(name, record, all),
    );
    const ledger = mutation.ledger?.(opened) ?? opened;
    const permitted = (header: EntryHeader, type: string): boolean => this.#permits(header, type);
    const { records, heard } = disk;
    const site = this.#token;
    const real = upstream({ world, watch, vendor, life, site, records, heard, permitted });
    const destination = mutation.destination?.(real, store) ?? real;
    const setTimer = (run: () => void, ms: number): (() => void) =>
      world.scheduler.after(ms, () => life.alive && run());
    const programs = mutation.programs ?? LISTED;
    // Some sites tell counts with every pass, some with every third.
    const countsEveryMs = name.endsWith('1') ? 0 : 3 * PASS_EVERY_MS;
    const runner = createPassRunner((signal) =>
      runPass({
        store,
        destination,
        policy: this.policy,
        ledger,
        programs,
        pinned: vendorKey.keyId,
        to: VENDOR,
        now,
        signal,
        setTimer,
        random: world.random.next,
        countsEveryMs,
      }),
    );
    const run = async (): Promise<void> => this.#tell(await runner.run());
    this.running = { life, store, desk, runner };
    world.log(name, 'starts');
    createSchedule({ everyMs: PASS_EVERY_MS, now, random: world.random.next, setTimer, run }).start();
  }

  #tell({ failure, offered, buckets, uploaded, newEpoch, decisions, demands }: PassSummary): void {
    const results = decisions.flatMap(({ entryId, verdict, result }) =>
      verdict === 'upload' ? [`${entryId.slice(-4)} ${result}`] : [],
    );
    const epoch = newEpoch === undefined ? '' : `, new epoch ${newEpoch}`;
    const words = `pass: ${offered} offers, ${buckets} buckets, ${demands.accepted} demands, ${uploaded} uploaded [${results}]${epoch}`;
    this.#around.world.log(this.machine.name, failure ? `${words}, ${failure.message}` : words);
    const own =
      failure?.code === 'failed' || failure?.code === 'bad-reply' || failure?.code === 'foreign-key';
    if (own) this.#around.world.fail(`${this.machine.name}: a pass gave way: ${failure?.message}`);
  }

  #permits({ bucket, demands }: EntryHeader, type: string): boolean {
    const { action } = policyRule(this.policy, { bucket, type, destination: VENDOR });
    return action === 'allow' || (action === 'ask' && demands.some((id) => this.approved.has(id)));
  }

  async #alive(): Promise<Running> {
    const { running } = this;
    return running?.life.alive ? running : await never();
  }

  /** Two callers at once: the second joins the first. */
  passTwice(): void {
    void this.running?.runner.run();
    void this.running?.runner.run();
  }

  /** The administrator approves whatever is asked for. */
  async approveAll(): Promise<void> {
    const { store } = await this.#alive();
    for (const { demand, source } of await store.demands.list()) {
      const { id } = demand.terms;
      if (source !== VENDOR || this.approved.has(id)) continue;
      this.approved.add(id);
      const approval = {
        decision: 'approved',
        termsHash: termsHash(demand.terms),
        by: 'admin',
        at: 0,
      } as const;
      await store.demands.decide(id, approval);
    }
  }

  /** `POST /v1/hits`. Nothing: 204. */
  async hits(body: Uint8Array): Promise<Uint8Array | undefined> {
    const { store } = await this.#alive();
    const { hits } = decodeHitsRequest(decodeMessage(body, 'msgpack'));
    const counting = (): ReturnType<Store['hits']['record']> => store.hits.record(hits, this.machine.now());
    if (this.#around.mutation.answersEarly) this.#around.world.scheduler.after(30_000, () => void counting());
    const results = this.#around.mutation.answersEarly
      ? hits.map(({ reportId }) => ({ reportId, result: 'counted' as const }))
      : await counting();
    const buckets = new Map(hits.map(({ bucket }) => [bucketId(bucket), bucket]));
    const demands = [];
    for (const [id, bucket] of buckets) {
      const { rows } = await store.queries.entries({ bucketId: id, limit: 1000 });
      const input = {
        holdings: countHoldings(rows),
        demands: await store.demands.list(),
        quotas: await store.quotas.list(id),
        siteDefault: DEFAULT_SITE_DEMAND,
        policy: this.policy,
        programs: LISTED,
        now: this.machine.now(),
      };
      demands.push(...demandsForReporters({ ...input, bucket, key: siteKey }));
    }
    if (demands.length === 0 && results.every(({ result }) => result !== 'refused')) return undefined;
    const reply: HitsReply = { results, demands, key: siteKey.publicKey };
    return encodeMessage(reply, 'msgpack');
  }

  /** `POST /v1/leases` of a reporter. */
  async leases(body: Uint8Array, caller: string): Promise<Uint8Array> {
    const { store, desk } = await this.#alive();
    const request = decodeLeaseRequest(decodeMessage(body, 'msgpack'));
    const rules = { policy: this.policy, programs: LISTED, now: this.machine.now() };
    return encodeMessage(await answerReporterLeases({ store, desk, request, caller, ...rules }), 'msgpack');
  }

  /** `PUT /v1/entries/…` of a reporter. */
  async entry(
    entryId: string,
    frame: Uint8Array,
    shown: readonly number[],
    caller: string,
  ): Promise<Receipt> {
    const { store, desk } = await this.#alive();
    const fences = shown.filter((fence) => desk.find(fence)?.holder.startsWith(`${caller} `));
    if (fences.length < shown.length && !(await store.entries.read(entryId))) return { code: 'lease-over' };
    const rules = { policy: this.policy, programs: LISTED, now: this.machine.now() };
    const gate = siteGate({ store, ...rules, leases: desk, fences });
    const added = await store.entries.add(inChunks(frame), gate, this.machine.now());
    if (added.result === 'refused') return { code: added.reason };
    desk.spend(fences);
    return { code: added.result, entryId, digest: added.entry.digest };
  }

  #copy(): Disk {
    const { store, records, heard, counted } = this.disk;
    const image = store.image();
    return {
      store: openMemoryStore({ now: this.machine.now, random: this.#around.world.random.bytes, image }),
      records: [...records],
      heard: copyHeard(heard),
      counted: new Map(counted),
    };
  }

  /** A copy of the disk as it is now; what it gives is the act of putting it back. */
  backup(): () => void {
    const copy = this.#copy();
    return () => {
      this.#around.world.log(this.machine.name, 'is restored from a backup');
      this.machine.kill('to be restored');
      this.disturbed = true;
      for (const [id, count] of this.disk.counted)
        add(this.#around.watch.voided, id, count - (copy.counted.get(id) ?? 0));
      this.disk = copy;
    };
  }

  /** A second machine over a copy of the disk, in the same name. */
  async clone(name: string): Promise<Site> {
    this.#around.world.log(this.machine.name, `is cloned as ${name}`);
    const disk = this.#copy();
    const asking = this.policy.rules.some(({ type }) => type?.includes(ASKING));
    const twin = new Site(name, this.#around, asking, { disk, token: this.#token });
    for (const id of this.approved) twin.approved.add(id);
    const { epoch } = await disk.store.identity.origin();
    for (const one of [this, twin]) {
      one.disturbed = true;
      one.sharedEpoch = epoch;
    }
    return twin;
  }
}
