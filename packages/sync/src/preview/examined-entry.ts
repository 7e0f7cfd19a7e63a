import { QuotaBook } from '../decision/quota-book.ts';
import type { StoredDemand } from '../demand/stored-demand.ts';
import { type Deciding, decideEntry } from '../pass/deciding.ts';
import { type LeavingEntry, leavingEntry } from '../pass/leaving-entry.ts';
import type { EntryDecision } from '../pass/pass-summary.ts';
import { showBuckets } from '../pass/shown-book.ts';
import type { PreviewOptions } from './preview-pass.ts';

/** What somebody has to see before an entry may leave: everything but the payload is here, that is read from `leaving`. */
export interface ExaminedEntry {
  /** What would happen if nobody had to look. */
  readonly decision: EntryDecision;
  /** The demands it would go under. */
  readonly demands: readonly StoredDemand[];
  /** To the byte what would leave; absent where nothing would, and then `why` says so. */
  readonly leaving?: LeavingEntry;
  readonly why: string;
}

/** Works out what would leave of one entry if somebody let it, without the types left out. Nothing for an unknown id. */
export async function examineEntry(
  options: PreviewOptions,
  entryId: string,
  without: readonly string[] = [],
): Promise<ExaminedEntry | undefined> {
  const { store, policy, to, ledger, now } = options;
  const content = await store.entries.read(entryId);
  if (!content) return undefined;
  const all = (await store.demands.list()).filter(({ source }) => source === to);
  const book = new QuotaBook(all, [], (...sample) => ledger.sent.count(...sample));
  await showBuckets(book, store, [content.entry]);
  const deciding: Deciding = { ...options, policy: { ...policy, review: 'none' }, demands: all, book };
  const decision = decideEntry(deciding, content.entry, now());
  const demands = all.filter(({ demand }) => decision.demands.includes(demand.terms.id));
  if (decision.verdict !== 'upload') return { decision, demands, why: decision.reason };
  const types = decision.types.filter((type) => !without.includes(type));
  if (types.length === 0) return { decision, demands, why: 'every part of it is left out' };
  const leaving = await leavingEntry(options, content.entry.header, { types, demands: decision.demands });
  if (!('result' in leaving)) return { decision, demands, leaving, why: decision.reason };
  return { decision, demands, why: 'detail' in leaving ? leaving.detail : 'it is no longer there' };
}
