/** Cases with what a bucketing says of them. */
import type { Case, Corpus } from '../case.ts';
import type { Bucketing, Verdict } from './bucketing.ts';
import { evidenceOf } from './evidence.ts';
import { type Level, truthOf } from './level.ts';
import type { Assignment } from './measures.ts';

export interface JudgedCase {
  readonly one: Case;
  readonly verdict: Verdict;
}

export function judgedCases({ judge }: Bucketing, corpus: Corpus): readonly JudgedCase[] {
  return corpus.cases.map((one) => ({ one, verdict: judge(evidenceOf(one, corpus)) }));
}

/** Each run once: the usual run of a fault stands in every scope that varies something against it. */
export function eachOnce(corpus: Corpus): Corpus {
  const runs = new Map(corpus.cases.map((one) => [`${one.fault} ${one.programVersion} ${one.how}`, one]));
  return { ...corpus, cases: [...runs.values()] };
}

/** `counts` says which cases are averaged over; the others stand by. */
export function assignmentsOf(
  judged: readonly JudgedCase[],
  level: Level,
  counts: (one: Case) => boolean = () => true,
): readonly Assignment[] {
  return judged.flatMap(({ one, verdict }) => {
    const truth = truthOf(one, level);
    return truth === undefined ? [] : [{ truth, bucket: verdict[level], counts: counts(one) }];
  });
}
