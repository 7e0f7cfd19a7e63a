/**
 * What the site tells the person at this program about buckets it has reported. Written by fr-reporter after it has
 * checked key, signature and bucket; told to the program at its next start, each once.
 *
 *     answers/BUCKET.json            as the site said them last
 *     answers/BUCKET.VERSION.told    made by the one process that tells it
 *
 * @module
 */
import type { SignedAnswer } from '@fr/protocol';
import { fs, path } from '../builtin.ts';
import { isMissing, readOwnJson, removeAny, writeDurably } from './folder/durable-file.ts';
import { type Spool, subfolder } from './spool.ts';

const MAX_BYTES = 64 * 1024;
const FILE = /^(b[a-z2-7]{26})\.json$/;

/** An answer as it is shown and handed to the program: text, and nothing to be run or fetched. */
export interface Answer {
  readonly bucketId: string;
  readonly bucketKey: string;
  readonly text: string;
  /** An https address to read on. */
  readonly link?: string;
  /** The version in which it is fixed. */
  readonly fixedIn?: string;
}

interface KeptAnswers {
  readonly bucketKey: string;
  readonly answers: readonly SignedAnswer[];
}

function folderOf(spool: Spool): string {
  return path.join(spool.folder, 'answers');
}

/** The answers kept for a bucket, as signed. */
export function readAnswers(spool: Spool, bucketId: string): readonly SignedAnswer[] {
  return readKept(spool, bucketId).answers;
}

function readKept(spool: Spool, bucketId: string): KeptAnswers {
  const value = readOwnJson(path.join(folderOf(spool), `${bucketId}.json`), MAX_BYTES);
  const { bucketKey, answers } = (value ?? {}) as Partial<KeptAnswers>;
  return {
    bucketKey: typeof bucketKey === 'string' ? bucketKey : '',
    answers: Array.isArray(answers) ? answers.filter(hasTerms) : [],
  };
}

function hasTerms(answer: SignedAnswer | null): boolean {
  return typeof answer?.terms?.text === 'string' && Number.isSafeInteger(answer.terms.version);
}

/** Keeps the answers for a bucket in place of those known before; none means that nothing is said any more. */
export function keepAnswers(
  spool: Spool,
  bucketId: string,
  bucketKey: string,
  answers: readonly SignedAnswer[],
): void {
  if (answers.length > 0) {
    const file = path.join(subfolder(spool, 'answers'), `${bucketId}.json`);
    writeDurably(file, JSON.stringify({ bucketKey, answers }));
    return;
  }
  for (const name of namesIn(spool))
    if (name.startsWith(`${bucketId}.`)) removeAny(path.join(folderOf(spool), name));
}

/** All answers that are kept. */
export function listAnswers(spool: Spool): readonly Answer[] {
  return keptBuckets(spool).flatMap((id) => {
    const { bucketKey, answers } = readKept(spool, id);
    return answers.map((answer) => shown(id, bucketKey, answer));
  });
}

/** Those that nobody was told of; from now on they count as told. */
export function takeUntold(spool: Spool): readonly Answer[] {
  return keptBuckets(spool).flatMap((id) => {
    const { bucketKey, answers } = readKept(spool, id);
    return answers
      .filter(({ terms }) => claim(path.join(folderOf(spool), `${id}.${terms.version}.told`)))
      .map((answer) => shown(id, bucketKey, answer));
  });
}

/** Only one of several programs that start at once makes the file. */
function claim(file: string): boolean {
  try {
    fs.closeSync(fs.openSync(file, 'wx', 0o600));
    return true;
  } catch {
    return false;
  }
}

function shown(bucketId: string, bucketKey: string, { terms }: SignedAnswer): Answer {
  const { text, link, fixedIn } = terms;
  return { bucketId, bucketKey, text, ...(link ? { link } : {}), ...(fixedIn ? { fixedIn } : {}) };
}

function keptBuckets(spool: Spool): readonly string[] {
  return namesIn(spool).flatMap((name) => FILE.exec(name)?.[1] ?? []);
}

function namesIn(spool: Spool): readonly string[] {
  try {
    return fs.readdirSync(folderOf(spool)).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
