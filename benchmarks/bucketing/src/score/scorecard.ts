/** Everything that is measured of a corpus: each bucketing at both levels, and fr's own scope by scope. */
import type { Case, Corpus, Scope } from '../case.ts';
import { BUCKETINGS, FR } from './bucketing.ts';
import { assignmentsOf, eachOnce, type JudgedCase, judgedCases } from './judged-case.ts';
import { type Measures, measuresOf } from './measures.ts';

export interface Row {
  readonly name: string;
  readonly bucket: Measures;
  readonly problem: Measures;
}

export interface Scorecard {
  readonly cases: number;
  readonly faults: number;
  /** The cases that were averaged over, when not all. */
  readonly scope?: Scope;
  readonly bucketings: readonly Row[];
  readonly scopes: readonly Row[];
}

/** Over all, each run counts once. With a scope only its cases count; all others still shape faults and buckets. */
export function scorecardOf(whole: Corpus, scope?: Scope): Scorecard {
  const all = judgedCases(FR, whole);
  const corpus = scope === undefined ? eachOnce(whole) : whole;
  const distinct = new Set(corpus.cases);
  const ours = all.filter(({ one }) => distinct.has(one));
  const counts = (one: Case): boolean => scope === undefined || one.scope === scope;
  const counted = corpus.cases.filter(counts);
  return {
    cases: counted.length,
    faults: new Set(counted.map(({ fault }) => fault)).size,
    ...(scope === undefined ? {} : { scope }),
    bucketings: BUCKETINGS.map((bucketing) =>
      rowOf(bucketing.name, bucketing === FR ? ours : judgedCases(bucketing, corpus), counts),
    ),
    scopes: scopesOf(whole).map((name) => rowOf(name, all, (one) => one.scope === name)),
  };
}

function rowOf(name: string, judged: readonly JudgedCase[], counts: (one: Case) => boolean): Row {
  return {
    name,
    bucket: measuresOf(assignmentsOf(judged, 'bucket', counts)),
    problem: measuresOf(assignmentsOf(judged, 'problem', counts)),
  };
}

function scopesOf({ cases }: Corpus): readonly Scope[] {
  return [...new Set(cases.map(({ scope }) => scope))].sort();
}
