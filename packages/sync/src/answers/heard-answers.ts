/**
 * Vendors' answers at a site: what came with the last reply of each destination, and which of it is told to the person at
 * a program. Kept as one setting of the store and in memory, since it is looked up with every hit.
 * @module
 */
import { type Bucket, bucketId, problemId } from '@fr/bucket';
import {
  type AnswerTerms,
  decodeSignedVendorAnswer,
  MAX_VENDOR_ANSWERS,
  matchesBucket,
  type SignedVendorAnswer,
} from '@fr/protocol';
import { mayOffer, type Policy } from '../policy/policy.ts';
import { type AcceptedAnswers, acceptAnswers } from './accept-answers.ts';

/** One vendor's answer, and where it came from. */
export interface HeardAnswer {
  /** The destination's origin. */
  readonly source: string;
  readonly answer: SignedVendorAnswer;
}

/** A reply, as far as answers go: the list is complete, what is missing is not told any more. */
export interface PresentedAnswers {
  readonly source: string;
  readonly answers: readonly SignedVendorAnswer[];
  readonly pinned: string;
  readonly publicKey: string;
  readonly now: number;
}

/** Answers a site has heard from its destinations. */
export interface HeardAnswers {
  /** Takes in a reply; what is not believed is left out, with the reason. */
  hear(presented: PresentedAnswers): Promise<AcceptedAnswers>;
  list(): Promise<readonly HeardAnswer[]>;
}

interface Kept {
  readonly answers: readonly SignedVendorAnswer[];
  readonly seen: Readonly<Record<string, number>>;
}
type Sources = Readonly<Record<string, Kept>>;

const SETTING = 'heard-answers';
/** A vendor that invents ids must not make this grow for ever. */
const MOST_SEEN = 4 * MAX_VENDOR_ANSWERS;

/** There may be one for each store at a time: it remembers what it has read. */
export function createHeardAnswers(settings: {
  read(name: string): Promise<unknown>;
  write(name: string, value: unknown): Promise<void>;
}): HeardAnswers {
  let known: Promise<Sources> | undefined;
  let changing: Promise<unknown> = Promise.resolve();

  function all(): Promise<Sources> {
    known ??= readSources(settings).catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  }

  async function take({ source, answers, ...trust }: PresentedAnswers): Promise<AcceptedAnswers> {
    const sources = await all();
    const before = Object.hasOwn(sources, source) ? sources[source] : undefined;
    const seen = new Map(Object.entries(before?.seen ?? {}));
    const accepted = acceptAnswers({ answers, seen, ...trust });
    for (const { terms } of accepted.answers) {
      seen.delete(terms.id);
      seen.set(terms.id, terms.version);
    }
    const kept: Kept = {
      answers: accepted.answers.slice(0, MAX_VENDOR_ANSWERS),
      seen: Object.fromEntries([...seen].slice(-MOST_SEEN)),
    };
    if (JSON.stringify(kept) === JSON.stringify(before ?? { answers: [], seen: {} })) return accepted;
    const next: Sources = { ...sources, [source]: kept };
    await settings.write(SETTING, next);
    known = Promise.resolve(next);
    return accepted;
  }

  return {
    hear(presented) {
      const turn = changing.then(() => take(presented));
      changing = turn.catch(() => undefined);
      return turn;
    },
    list: async () =>
      Object.entries(await all()).flatMap(([source, { answers }]) =>
        answers.map((answer) => ({ source, answer })),
      ),
  };
}

async function readSources(settings: { read(name: string): Promise<unknown> }): Promise<Sources> {
  const value = await settings.read(SETTING);
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value as Readonly<Record<string, Partial<Kept>>>).map(([source, { answers, seen }]) => [
      source,
      { answers: Array.isArray(answers) ? answers.map(decodeSignedVendorAnswer) : [], seen: seen ?? {} },
    ]),
  );
}

/** What decides whether a vendor's answer is passed on. */
export interface PassingOn {
  readonly policy: Policy;
  /** Programs listed for the destination on the command line. */
  readonly programs: readonly string[];
  readonly now: number;
}

/** Why an answer is passed on about no bucket of a program, or nothing where it is. */
export function heldBack(
  { source, answer }: HeardAnswer,
  program: string,
  { policy, programs, now }: PassingOn,
): string | undefined {
  if (policy.answers === 'off') return "the policy passes on no vendor's answer (answers: off)";
  if (answer.terms.until <= now) return 'expired';
  if (mayOffer(policy, program, source, programs)) return undefined;
  return `"${program}" is not listed for ${source}`;
}

/**
 * What of vendors' answers is told about a bucket, as the site then signs it itself: at most one about the bucket and one
 * about its problem, the newest of each. `taken`: what the site says something about on its own, which counts more.
 */
export function answersPassedOn(
  heard: readonly HeardAnswer[],
  bucket: Bucket,
  taken: ReadonlySet<string>,
  passing: PassingOn,
): readonly Omit<AnswerTerms, 'keyId'>[] {
  const told = new Map<string, Omit<AnswerTerms, 'keyId'>>();
  for (const one of heard) {
    const { pattern, version, text, link, fixedIn } = one.answer.terms;
    if (!matchesBucket(pattern, bucket)) continue;
    if (heldBack(one, bucket.program, passing) !== undefined) continue;
    const about = pattern.problemId === undefined ? bucketId(bucket) : problemId(bucket);
    if (taken.has(about) || (told.get(about)?.version ?? 0) >= version) continue;
    told.set(about, { about, version, text, ...(link ? { link } : {}), ...(fixedIn ? { fixedIn } : {}) });
  }
  return [...told.values()];
}
