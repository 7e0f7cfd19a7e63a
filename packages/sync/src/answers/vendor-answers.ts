/**
 * What a vendor lets its sites tell the people at its programs: a few texts, signed once when they are set, kept as one
 * setting of the store. One that was removed stays there as a version without a text, so that its number is never used
 * again.
 * @module
 */
import { createHash } from 'node:crypto';
import type { Bucket } from '@fr/bucket';
import {
  type DemandPattern,
  decodeSignedVendorAnswer,
  MAX_ANSWER_LIFE_MS,
  MAX_VENDOR_ANSWERS,
  matchesBucket,
  ProtocolError,
  type SignedVendorAnswer,
  type VendorAnswerTerms,
} from '@fr/protocol';
import { canonicalJson, type SigningKey, signVendorAnswer } from '@fr/protocol/signature';
import { SyncError } from '../sync-error.ts';

/** What is needed of a vendor's store; `@fr/store` fits by shape. */
export interface VendorAnswerStore {
  readonly settings: {
    read(name: string): Promise<unknown>;
    write(name: string, value: unknown): Promise<void>;
  };
  readonly queries: {
    buckets(filter: {
      readonly originId?: string;
      readonly bucketId?: string;
      readonly problemId?: string;
      readonly program?: string;
      readonly limit?: number;
      readonly after?: string;
    }): Promise<{ readonly rows: readonly { readonly bucket: Bucket }[]; readonly next?: string }>;
  };
}

/** What a person writes of an answer. */
export interface AnswerContent extends Pick<VendorAnswerTerms, 'pattern' | 'text'> {
  readonly link?: string | undefined;
  readonly fixedIn?: string | undefined;
  /** Milliseconds since 1970; at most 400 days from now, which is the default. */
  readonly until?: number | undefined;
}

/** A vendor's answers. */
export interface VendorAnswers {
  /** Those that are told, expired ones too, newest first. */
  list(): Promise<readonly SignedVendorAnswer[]>;
  /** Sets, in place of one with the same pattern. Throws `invalid-answer`. */
  set(content: AnswerContent): Promise<SignedVendorAnswer>;
  /** False where there is none with this id. */
  remove(id: string): Promise<boolean>;
  /** Those in force that speak of a bucket which this origin has offered, and of no other. */
  forOrigin(originId: string): Promise<readonly SignedVendorAnswer[]>;
}

interface Kept {
  readonly told: readonly SignedVendorAnswer[];
  /** Last versions of those that were removed, by id. */
  readonly removed: Readonly<Record<string, number>>;
}

const SETTING = 'vendor-answers';

/** There may be one for each store at a time: its changes wait for each other. */
export function createVendorAnswers(options: {
  readonly store: VendorAnswerStore;
  readonly key: SigningKey;
  readonly now?: () => number;
}): VendorAnswers {
  const { store, key, now = Date.now } = options;
  let changing: Promise<unknown> = Promise.resolve();
  // What another key has signed is signed anew, once: words and versions stay.
  const anew = new Map<string, SignedVendorAnswer>();

  function signedNow(answer: SignedVendorAnswer): SignedVendorAnswer {
    const { keyId, ...terms } = answer.terms;
    if (keyId === key.keyId) return answer;
    const name = `${key.keyId} ${terms.id} ${terms.version}`;
    const again = anew.get(name) ?? signVendorAnswer(terms, key);
    if (anew.size >= 2 * MAX_VENDOR_ANSWERS) anew.clear();
    anew.set(name, again);
    return again;
  }

  async function kept(): Promise<Kept> {
    const { told, removed } = await readKept(store);
    return { told: told.map(signedNow), removed };
  }

  function change<T>(step: (kept: Kept) => readonly [Kept, T]): Promise<T> {
    const turn = changing.then(async () => {
      const [next, result] = step(await kept());
      await store.settings.write(SETTING, next);
      return result;
    });
    changing = turn.catch(() => undefined);
    return turn;
  }

  return {
    list: async () => (await kept()).told,
    set: (content) =>
      change(({ told, removed }) => {
        const id = answerId(content.pattern);
        const others = told.filter(({ terms }) => terms.id !== id);
        if (others.length >= MAX_VENDOR_ANSWERS) throw invalid('there are 1,000 answers; remove one first');
        const last = told.find(({ terms }) => terms.id === id)?.terms.version ?? removed[id] ?? 0;
        const answer = signed(content, { id, version: Math.max(last + 1, now()) }, key, now());
        const { [id]: _again, ...rest } = removed;
        return [{ told: [answer, ...others], removed: rest }, answer];
      }),
    remove: (id) =>
      change(({ told, removed }) => {
        const gone = told.find(({ terms }) => terms.id === id);
        if (!gone) return [{ told, removed }, false];
        const others = told.filter((answer) => answer !== gone);
        return [{ told: others, removed: { ...removed, [id]: gone.terms.version } }, true];
      }),
    async forOrigin(originId) {
      const { told } = await kept();
      const here: SignedVendorAnswer[] = [];
      for (const answer of told) {
        if (answer.terms.until > now() && (await speaksOf(store, originId, answer.terms.pattern)))
          here.push(answer);
      }
      return here;
    },
  };
}

/** The same pattern has the same id: a new wording takes the place of the old one. */
function answerId(pattern: DemandPattern): string {
  return `a-${createHash('sha256').update(canonicalJson(pattern)).digest('hex').slice(0, 12)}`;
}

function signed(
  { pattern, text, link, fixedIn, until }: AnswerContent,
  { id, version }: { readonly id: string; readonly version: number },
  key: SigningKey,
  now: number,
): SignedVendorAnswer {
  const end = until ?? now + MAX_ANSWER_LIFE_MS;
  if (!(end > now)) throw invalid('it would be over before it begins');
  if (end > now + MAX_ANSWER_LIFE_MS) throw invalid('it would live longer than 400 days');
  const { bucketId, problemId, program } = pattern;
  if (bucketId === undefined && problemId === undefined && (program === undefined || program.includes('*')))
    throw invalid('it is about a bucket, a problem, or the buckets of one program, named without *');
  const said = { ...(link === undefined ? {} : { link }), ...(fixedIn === undefined ? {} : { fixedIn }) };
  try {
    return decodeSignedVendorAnswer(
      signVendorAnswer({ id, version, pattern, text, ...said, until: end }, key),
    );
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw invalid(error.message, error);
  }
}

function invalid(message: string, cause?: unknown): SyncError {
  return new SyncError('invalid-answer', message, { cause });
}

/** Looks no further than the first bucket that fits. */
async function speaksOf(
  { queries }: VendorAnswerStore,
  originId: string,
  pattern: DemandPattern,
): Promise<boolean> {
  const { bucketId, problemId, program } = pattern;
  const named = {
    ...(bucketId === undefined ? {} : { bucketId }),
    ...(problemId === undefined ? {} : { problemId }),
    ...(program === undefined || program.includes('*') ? {} : { program }),
  };
  let after: string | undefined;
  do {
    const page = await queries.buckets({ originId, ...named, limit: 1_000, ...(after ? { after } : {}) });
    if (page.rows.some(({ bucket }) => matchesBucket(pattern, bucket))) return true;
    after = page.next;
  } while (after !== undefined);
  return false;
}

async function readKept({ settings }: VendorAnswerStore): Promise<Kept> {
  const value = (await settings.read(SETTING)) as Partial<Kept> | undefined | null;
  const told = Array.isArray(value?.told) ? value.told.map(decodeSignedVendorAnswer) : [];
  const removed = typeof value?.removed === 'object' && value.removed !== null ? value.removed : {};
  return { told, removed };
}
