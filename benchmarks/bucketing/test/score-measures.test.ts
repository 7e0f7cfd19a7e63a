import { describe, expect, it } from 'vitest';
import type { Assignment } from '../src/score/measures.ts';
import { measuresOf } from '../src/score/measures.ts';

/** One word per case: fault and bucket, `a1`; in brackets when the case only stands by, `(a1)`. */
function cases(text: string): Assignment[] {
  return text.split(' ').map((word) => {
    const [truth = '', bucket = ''] = word.replace(/[()]/g, '');
    return { truth, bucket, counts: !word.startsWith('(') };
  });
}

describe('measures', () => {
  it('are perfect when faults and buckets are the same sets', () => {
    expect(measuresOf(cases('a1 a1 a1 b2 b2 c3'))).toEqual({
      cases: 6,
      faults: 3,
      buckets: 3,
      pairwise: { precision: 1, recall: 1, f1: 1 },
      bCubed: { precision: 1, recall: 1, f1: 1 },
      secondBucket: 0,
      merge: 0,
      perfectFaults: 3,
    });
  });

  // Fault a: two cases in bucket 1, one in 2. Fault b: two cases in bucket 2, one in 3.
  const mixed = measuresOf(cases('a1 a1 a2 b2 b2 b3'));

  it('count pairs', () => {
    // In one bucket: 1 pair in bucket 1, 3 in bucket 2; of one fault among them: 1 + 1.
    expect(mixed.pairwise.precision).toBeCloseTo(2 / 4);
    // Of one fault: 3 pairs of a, 3 of b.
    expect(mixed.pairwise.recall).toBeCloseTo(2 / 6);
    expect(mixed.pairwise.f1).toBeCloseTo((2 * (2 / 4) * (2 / 6)) / (2 / 4 + 2 / 6));
  });

  it('average over cases', () => {
    // Precision of each case: a1, a1: 2/2; a2: 1/3; b2, b2: 2/3; b3: 1/1.
    const precision = (1 + 1 + 1 / 3 + 2 / 3 + 2 / 3 + 1) / 6;
    // Recall: a1, a1: 2/3; a2: 1/3; b2, b2: 2/3; b3: 1/3.
    const recall = (2 / 3 + 2 / 3 + 1 / 3 + 2 / 3 + 2 / 3 + 1 / 3) / 6;
    expect(mixed.bCubed.precision).toBeCloseTo(precision);
    expect(mixed.bCubed.recall).toBeCloseTo(recall);
    expect(mixed.bCubed.f1).toBeCloseTo((2 * precision * recall) / (precision + recall));
  });

  it('name the cases outside the main bucket of their fault', () => {
    // a2 and b3.
    expect(mixed.secondBucket).toBeCloseTo(2 / 6);
    // Two equally large buckets: half of the cases are in the second, whichever that is.
    expect(measuresOf(cases('a1 a2')).secondBucket).toBeCloseTo(1 / 2);
  });

  it('name the cases among the cases of another fault', () => {
    // a2 lies with two of b.
    expect(mixed.merge).toBeCloseTo(1 / 6);
    expect(measuresOf(cases('a1 a1 b1 b1 c1')).merge).toBeCloseTo(3 / 5);
  });

  it('call a fault perfect that fills one bucket alone', () => {
    expect(mixed.perfectFaults).toBe(0);
    expect(measuresOf(cases('a1 a1 b2 b3 c4 d4 e5')).perfectFaults).toBe(2);
  });

  it('are not averaged over cases that stand by, but know them', () => {
    const scoped = measuresOf(cases('a1 (a1) (a1) a2 (b2) (b2)'));
    expect(scoped.cases).toBe(2);
    expect(scoped.faults).toBe(1);
    expect(scoped.buckets).toBe(2);
    expect(scoped.secondBucket).toBeCloseTo(1 / 2);
    expect(scoped.merge).toBeCloseTo(1 / 2);
    expect(scoped.bCubed.precision).toBeCloseTo((1 + 1 / 3) / 2);
    expect(scoped.bCubed.recall).toBeCloseTo((3 / 4 + 1 / 4) / 2);
    // Pairs with a counted case in one bucket: 2 in bucket 1 (both of a), 2 in bucket 2 (none of a).
    expect(scoped.pairwise.precision).toBeCloseTo(2 / 4);
    // Of 6 pairs of a, 5 have a counted case; 2 of these are together.
    expect(scoped.pairwise.recall).toBeCloseTo(2 / 5);
  });

  it('are perfect where there is nothing', () => {
    expect(measuresOf([])).toMatchObject({ cases: 0, secondBucket: 0, merge: 0, bCubed: { f1: 1 } });
  });
});
