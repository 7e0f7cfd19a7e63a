/**
 * What a vendor holds for fixed, problem by problem:
 *
 *     (open) ──mark──▶ fixed in VERSION ──a bucket of that version or a later one is reported──▶ seen again
 *        ▲                │                                                                        │
 *        └────undo────────┴──────────────────────────────────────────────────────mark──────────────┘
 *
 * Marking closes the demands about the problem; when it is seen again they are made anew, about the bucket in which it was
 * seen. Kept as one setting of the store; a mark is written only after the demands, so that a crash in between is finished
 * by the next report of that bucket.
 * @module
 */
import { type Bucket, bucketId, problemId } from '@fr/bucket';
import type { SignedDemand } from '@fr/protocol';
import type { SigningKey } from '@fr/protocol/signature';
import { isOpen, type StoredDemand } from '../demand/stored-demand.ts';
import { SyncError } from '../sync-error.ts';
import { compareVersions } from '../version/compare-versions.ts';
import { createDemand } from './own-demand.ts';
import type { OwnDemandsPort } from './vendor-store.ts';

/** Where a problem was seen that had been fixed. */
export interface SeenAgain {
  readonly bucketId: string;
  readonly programVersion: string;
  readonly at: number;
  /** The demands that were made for it. */
  readonly demands: readonly string[];
}

/** One mark. */
export interface Fix {
  readonly problemId: string;
  /** The first version of the program that has the fix. */
  readonly fixedIn: string;
  readonly at: number;
  readonly by: string;
  /** Demands that were closed with the mark. */
  readonly closed: readonly string[];
  readonly seenAgain?: SeenAgain;
}

/** What a report of a bucket says about a mark. */
export type FixStanding = 'before' | 'seen-again' | 'unclear';

/** `unclear`: one of the versions cannot be compared; a person has to look. */
export function fixStanding({ fixedIn }: Pick<Fix, 'fixedIn'>, { programVersion }: Bucket): FixStanding {
  const order = compareVersions(programVersion, fixedIn);
  if (order === undefined) return 'unclear';
  return order < 0 ? 'before' : 'seen-again';
}

/** What is needed of a vendor's store. */
export interface FixStore {
  readonly settings: {
    read(name: string): Promise<unknown>;
    write(name: string, value: unknown): Promise<void>;
  };
  readonly demands: OwnDemandsPort;
  readonly queries: {
    buckets(filter: {
      readonly problemId?: string;
      readonly limit?: number;
      readonly after?: string;
    }): Promise<{ readonly rows: readonly { readonly bucket: Bucket }[]; readonly next?: string }>;
  };
}

/** Marks of a vendor. */
export interface Fixes {
  list(): Promise<readonly Fix[]>;
  /** Throws `invalid-fix` where it was seen in that version or a later one already, or the version cannot be compared. */
  mark(problemId: string, fixedIn: string, by: string): Promise<Fix>;
  /** False where there is no mark. What was closed stays closed. */
  undo(problemId: string): Promise<boolean>;
  /** Looks at buckets that have just been reported with hits; what was seen again thereby. */
  look(buckets: readonly Bucket[]): Promise<readonly Fix[]>;
}

const SETTING = 'fixes';

/** There may be one for each store at a time: it remembers what it has read, since it looks at every offer. */
export function createFixes(options: {
  readonly store: FixStore;
  readonly key: SigningKey;
  readonly now?: () => number;
}): Fixes {
  const { store, key, now = Date.now } = options;
  let known: Promise<ReadonlyMap<string, Fix>> | undefined;
  let changing: Promise<unknown> = Promise.resolve();

  function all(): Promise<ReadonlyMap<string, Fix>> {
    known ??= readFixes(store).catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  }

  function change<T>(step: (fixes: Map<string, Fix>) => Promise<T>): Promise<T> {
    const turn = changing.then(async () => {
      const fixes = new Map(await all());
      const result = await step(fixes);
      await store.settings.write(SETTING, [...fixes.values()]);
      known = Promise.resolve(fixes);
      return result;
    });
    changing = turn.catch(() => undefined);
    return turn;
  }

  return {
    list: async () => [...(await all()).values()],
    mark: (id, fixedIn, by) =>
      change(async (fixes) => {
        await checkMark(store, id, fixedIn);
        const closed = await closeDemands(store.demands, id, await bucketsOf(store, id), now());
        const before = fixes.get(id)?.closed ?? [];
        const fix: Fix = {
          problemId: id,
          fixedIn,
          at: now(),
          by,
          closed: [...new Set([...before, ...closed])],
        };
        fixes.set(id, fix);
        return fix;
      }),
    undo: (id) => change(async (fixes) => fixes.delete(id)),
    async look(buckets) {
      const fixes = await all();
      const suspects = buckets.filter((bucket) => isSeenAgain(fixes.get(problemId(bucket)), bucket));
      if (suspects.length === 0) return [];
      return await change(async (marks) => {
        const found: Fix[] = [];
        for (const bucket of suspects) {
          const fix = marks.get(problemId(bucket));
          if (!fix || !isSeenAgain(fix, bucket)) continue;
          const demands = await askAgain(store.demands, key, fix, bucket, now());
          const at = now();
          const { programVersion } = bucket;
          const seen = { ...fix, seenAgain: { bucketId: bucketId(bucket), programVersion, at, demands } };
          marks.set(fix.problemId, seen);
          found.push(seen);
        }
        return found;
      });
    },
  };
}

function isSeenAgain(fix: Fix | undefined, bucket: Bucket): fix is Fix {
  return fix !== undefined && !fix.seenAgain && fixStanding(fix, bucket) === 'seen-again';
}

async function checkMark(store: FixStore, id: string, fixedIn: string): Promise<void> {
  if (compareVersions(fixedIn, fixedIn) === undefined)
    throw invalid(`"${fixedIn}" does not begin with a number, so no other version is later than it`);
  const buckets = await bucketsOf(store, id);
  const seen = buckets.find((bucket) => fixStanding({ fixedIn }, bucket) === 'seen-again');
  if (!seen) return;
  throw invalid(
    `it was seen in ${seen.programVersion} already (${bucketId(seen)}), so it is not fixed in ${fixedIn}`,
  );
}

function invalid(message: string): SyncError {
  return new SyncError('invalid-fix', message);
}

async function bucketsOf({ queries }: FixStore, id: string): Promise<readonly Bucket[]> {
  const buckets: Bucket[] = [];
  let after: string | undefined;
  do {
    const page = await queries.buckets({ problemId: id, limit: 1_000, ...(after ? { after } : {}) });
    buckets.push(...page.rows.map(({ bucket }) => bucket));
    after = page.next;
  } while (after !== undefined);
  return buckets;
}

/** Closes what was asked about the problem or one of its buckets by id; patterns over fields speak of others, too. */
async function closeDemands(
  demands: OwnDemandsPort,
  id: string,
  buckets: readonly Bucket[],
  now: number,
): Promise<readonly string[]> {
  const ids = new Set(buckets.map(bucketId));
  const about = (await demands.list()).filter(({ source, demand: { terms } }) => {
    const { bucketId: one, problemId: problem } = terms.pattern;
    return source === 'own' && (problem === id || (one !== undefined && ids.has(one)));
  });
  for (const stored of about) if (isOpen(stored, now)) await demands.put({ ...stored, closedAt: now });
  return about.map(({ demand }) => demand.terms.id);
}

/** Asks of the new bucket what was asked of the problem before, each once. */
async function askAgain(
  demands: OwnDemandsPort,
  key: SigningKey,
  fix: Fix,
  bucket: Bucket,
  now: number,
): Promise<readonly string[]> {
  const list = await demands.list();
  const asked: string[] = [];
  for (const id of fix.closed) {
    const before = list.find(({ demand }) => demand.terms.id === id);
    if (!before) continue;
    const again = againId(before.demand, bucket);
    const there = list.find(({ demand }) => demand.terms.id === again);
    if (!there)
      await createDemand({ ...termsAgain(before, fix, bucket), id: again, key, store: { demands }, now });
    asked.push(again);
  }
  return asked;
}

/** The same for the same bucket, so that a crash before the mark was written asks no second time. */
function againId({ terms }: SignedDemand, bucket: Bucket): string {
  return `${terms.id.slice(0, 40)}-${bucketId(bucket).slice(1, 11)}`;
}

function termsAgain({ demand: { terms } }: StoredDemand, fix: Fix, bucket: Bucket) {
  const { types, author, reason } = terms;
  const words = `seen again in ${bucket.programVersion}, was fixed in ${fix.fixedIn}: ${reason}`;
  return { pattern: { bucketId: bucketId(bucket) }, types, author, reason: words.slice(0, 2_000) };
}

async function readFixes({ settings }: FixStore): Promise<ReadonlyMap<string, Fix>> {
  const value = await settings.read(SETTING);
  const fixes = Array.isArray(value) ? (value as readonly Fix[]) : [];
  return new Map(fixes.map((fix) => [fix.problemId, fix]));
}
