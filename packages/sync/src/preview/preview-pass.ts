import { bucketId } from '@fr/bucket';
import { frameSize, type OfferedBucket } from '@fr/protocol';
import type { Spent } from '../decision/gates.ts';
import { QuotaBook } from '../decision/quota-book.ts';
import { type Deciding, decideEntry } from '../pass/deciding.ts';
import { leavingEntry } from '../pass/leaving-entry.ts';
import type { PassOptions } from '../pass/pass-options.ts';
import type { EntryDecision } from '../pass/pass-summary.ts';
import { showBuckets } from '../pass/shown-book.ts';
import type { HeldEntry } from '../pass/site-store.ts';
import { sendingSwitchedOff } from '../policy/policy.ts';
import { planOffers } from './planned-offers.ts';

/** One pending entry as the next pass would treat it. */
export interface PreviewedEntry extends EntryDecision {
  /** Bytes that would leave of it; none unless the verdict is `upload`. */
  readonly headerBytes: number;
  readonly payloadBytes: number;
  /** Types from which the policy would remove something. */
  readonly redacted: readonly string[];
}

/** What the next pass would send, going by the demands last heard; ready to be printed as JSON. */
export interface PassPreview {
  readonly at: number;
  /** Whom it would go to. */
  readonly to: string;
  /** The switch in the policy that keeps everything here, as it stands there. */
  readonly switchedOff?: string;
  /** The first 1,000 buckets that would be offered, and how many there are; those the destination knows go by a number. */
  readonly buckets: readonly OfferedBucket[];
  readonly bucketCount: number;
  /** The first 1,000 entries that would go, and as many of those that would stay. */
  readonly decisions: readonly PreviewedEntry[];
  /** How many of each verdict there are in all. */
  readonly verdicts: Readonly<Partial<Record<EntryDecision['verdict'], number>>>;
  /** Bytes of the uploads and of the offers together. */
  readonly headerBytes: number;
  readonly payloadBytes: number;
}

/** What a preview works with: no way to send anything is among it. */
export type PreviewOptions = Pick<
  PassOptions,
  'store' | 'policy' | 'programs' | 'reviews' | 'to' | 'now' | 'random'
> & {
  readonly ledger: Pick<PassOptions['ledger'], 'sent'>;
  /** Told of every entry, shown or not. */
  readonly onDecision?: ((decision: PreviewedEntry) => void) | undefined;
};

/** Buckets, entries that go and entries that stay are shown up to so many each; however many there are, no more are held. */
const MOST_SHOWN = 1_000;

/** Works out the next pass without sending or changing anything. The destination may want something else by then. */
export async function previewPass(options: PreviewOptions): Promise<PassPreview> {
  const { store, policy, to } = options;
  const at = options.now();
  const switchedOff = sendingSwitchedOff(policy);
  const list = new Shown(options.onDecision);
  if (switchedOff !== undefined) {
    const why = `the policy switches sending off (${switchedOff})`;
    for await (const entry of store.entries.pending()) list.add(stays(entry, why));
    return { at, to, switchedOff, buckets: [], bucketCount: 0, ...list.figures() };
  }
  const { buckets, count: bucketCount, bytes: offers } = await planOffers(options, MOST_SHOWN);
  await planEntries(options, at, offers, list);
  const figures = list.figures();
  return { at, to, buckets, bucketCount, ...figures, headerBytes: figures.headerBytes + offers };
}

/** A preview's entries: some to be shown, all of them counted. */
class Shown {
  readonly #onDecision: PreviewOptions['onDecision'];
  readonly #decisions: PreviewedEntry[] = [];
  readonly #shown = { going: 0, staying: 0 };
  readonly #verdicts: Partial<Record<EntryDecision['verdict'], number>> = {};
  #bytes = { headerBytes: 0, payloadBytes: 0 };

  constructor(onDecision: PreviewOptions['onDecision']) {
    this.#onDecision = onDecision;
  }

  add(decision: PreviewedEntry): void {
    const { verdict, headerBytes, payloadBytes } = decision;
    const kind = verdict === 'upload' ? 'going' : 'staying';
    this.#verdicts[verdict] = (this.#verdicts[verdict] ?? 0) + 1;
    this.#bytes = {
      headerBytes: this.#bytes.headerBytes + headerBytes,
      payloadBytes: this.#bytes.payloadBytes + payloadBytes,
    };
    if (this.#shown[kind] < MOST_SHOWN) this.#decisions.push(decision);
    this.#shown[kind] += 1;
    this.#onDecision?.(decision);
  }

  figures(): Pick<PassPreview, 'decisions' | 'verdicts' | 'headerBytes' | 'payloadBytes'> {
    return { decisions: this.#decisions, verdicts: this.#verdicts, ...this.#bytes };
  }
}

/** As in a pass, so many headers are in memory at once. */
const BATCH = 256;

async function planEntries(options: PreviewOptions, at: number, offers: number, list: Shown): Promise<void> {
  const { store, to, ledger } = options;
  const demands = (await store.demands.list()).filter(({ source }) => source === to);
  const book = new QuotaBook(demands, [], (...sample) => ledger.sent.count(...sample));
  const plan = new Plan(ledger.sent, offers);
  const deciding: Deciding = { ...options, demands, book, spent: plan };
  let seen = 0;
  for await (const entry of store.entries.pending()) {
    if (seen % BATCH === 0) book.forget();
    seen += 1;
    await showBuckets(book, store, [entry]);
    const decided = await planOne(options, deciding, entry, at);
    if (decided.verdict === 'upload') {
      book.take(decided.demands, decided.bucketId, decided.types);
      plan.add(decided);
    }
    list.add(decided);
  }
}

async function planOne(
  options: PreviewOptions,
  deciding: Deciding,
  entry: HeldEntry,
  at: number,
): Promise<PreviewedEntry> {
  const decided = decideEntry(deciding, entry, at);
  const nothing = { headerBytes: 0, payloadBytes: 0, redacted: [] };
  if (decided.verdict !== 'upload') return { ...decided, ...nothing };
  const leaving = await leavingEntry(options, entry.header, decided);
  if (!('result' in leaving)) return { ...decided, ...frameSize(leaving.header), redacted: leaving.redacted };
  const reason = 'detail' in leaving ? leaving.detail : 'it is no longer there';
  return { ...decided, ...nothing, verdict: 'keep', reason };
}

function stays({ header }: HeldEntry, reason: string): PreviewedEntry {
  const { entryId, bucket } = header;
  const nothing = { types: [], demands: [], headerBytes: 0, payloadBytes: 0, redacted: [] };
  return { entryId, bucketId: bucketId(bucket), verdict: 'keep', reason, ...nothing };
}

/** What has left, and what the preview has put on its list already. */
class Plan implements Spent {
  readonly #sent: Spent;
  #bytes: number;
  readonly #entries = new Map<string, number>();

  constructor(sent: Spent, bytes: number) {
    this.#sent = sent;
    this.#bytes = bytes;
  }

  add({ bucketId: id, headerBytes, payloadBytes }: PreviewedEntry): void {
    this.#bytes += headerBytes + payloadBytes;
    this.#entries.set(id, (this.#entries.get(id) ?? 0) + 1);
  }

  bytesInDay(now: number): number {
    return this.#sent.bytesInDay(now) + this.#bytes;
  }

  bytesSince(since: number): number {
    return this.#sent.bytesSince(since) + this.#bytes;
  }

  entriesOfBucket(id: string, except: string): number {
    return this.#sent.entriesOfBucket(id, except) + (this.#entries.get(id) ?? 0);
  }
}
