/**
 * What a site tells the people at programs that have failed: a few texts, signed once when they are set, kept as one
 * setting of the store and in memory, since they are looked up with every hit.
 * @module
 */
import { type Bucket, bucketId, problemId } from '@fr/bucket';
import { type AnswerTerms, decodeSignedAnswer, type SignedAnswer } from '@fr/protocol';
import { type SigningKey, signAnswer } from '@fr/protocol/signature';
import type { Settings } from '@fr/store';
import { ServerError } from '../http/server-error.ts';
import type { Told } from './told.ts';

const SETTING = 'answers';
/** Read whole at every start: 1,000 texts of 2 KiB. */
const MAX_ANSWERS = 1_000;

/** Answers of a site, backed by its store. */
export interface Answers {
  list(): Promise<readonly SignedAnswer[]>;
  /** Those for a bucket: the one about it, and the one about its problem. */
  for(bucket: Bucket): Told<SignedAnswer>;
  /** Sets, in place of one about the same. Throws where a member is not as the protocol has it. */
  set(content: Omit<AnswerTerms, 'keyId' | 'version'>): Promise<SignedAnswer>;
  /** False where there is none. */
  remove(about: string): Promise<boolean>;
}

/** There may be one for each store at a time: it remembers what it has read. */
export function createAnswers(options: {
  readonly settings: Settings;
  readonly key: SigningKey;
  readonly now?: () => number;
}): Answers {
  const { settings, key } = options;
  const now = options.now ?? Date.now;
  let known: ReadonlyMap<string, SignedAnswer> | undefined;
  /** The key they are signed with; another one signs them all anew. */
  let signedBy = '';
  let reading: Promise<ReadonlyMap<string, SignedAnswer>> | undefined;
  let changing: Promise<unknown> = Promise.resolve();

  async function all(): Promise<ReadonlyMap<string, SignedAnswer>> {
    if (known && signedBy === key.keyId) return known;
    if (known) return keep(known);
    reading ??= readAnswers(settings).finally(() => {
      reading = undefined;
    });
    const read = await reading;
    // What was set meanwhile is newer.
    return known ?? keep(read);
  }

  function keep(answers: ReadonlyMap<string, SignedAnswer>): ReadonlyMap<string, SignedAnswer> {
    known = new Map([...answers].map(([about, answer]) => [about, signedAnew(answer, key)]));
    signedBy = key.keyId;
    return known;
  }

  function change<T>(step: (answers: Map<string, SignedAnswer>) => T): Promise<T> {
    const turn = changing.then(async () => {
      const answers = new Map(await all());
      const result = step(answers);
      await settings.write(SETTING, [...answers.values()]);
      keep(answers);
      return result;
    });
    changing = turn.catch(() => undefined);
    return turn;
  }

  return {
    list: async () => [...(await all()).values()],
    for: (bucket) =>
      known && signedBy === key.keyId
        ? among(known, bucket)
        : all().then((answers) => among(answers, bucket)),
    set: (content) =>
      change((answers) => {
        const last = answers.get(content.about);
        if (!last && answers.size >= MAX_ANSWERS)
          throw new ServerError('conflict', 409, `There are ${MAX_ANSWERS} answers; remove one first.`);
        const version = Math.max((last?.terms.version ?? 0) + 1, now());
        const answer = decodeSignedAnswer(signAnswer({ ...content, version }, key));
        answers.set(content.about, answer);
        return answer;
      }),
    remove: (about) => change((answers) => answers.delete(about)),
  };
}

function among(answers: ReadonlyMap<string, SignedAnswer>, bucket: Bucket): readonly SignedAnswer[] {
  if (answers.size === 0) return [];
  return [bucketId(bucket), problemId(bucket)].flatMap((about) => answers.get(about) ?? []);
}

/** Its words and its version stay; whoever knows the key before this one follows to it. */
function signedAnew(answer: SignedAnswer, key: SigningKey): SignedAnswer {
  const { keyId, ...terms } = answer.terms;
  return keyId === key.keyId ? answer : signAnswer(terms, key);
}

async function readAnswers(settings: Settings): Promise<ReadonlyMap<string, SignedAnswer>> {
  const value = await settings.read(SETTING);
  const answers = Array.isArray(value) ? value.map(decodeSignedAnswer) : [];
  return new Map(answers.map((answer) => [answer.terms.about, answer]));
}
