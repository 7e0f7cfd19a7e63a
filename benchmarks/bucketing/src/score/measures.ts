/**
 * How well buckets match faults. All measures come from one table: how many cases of each fault lie in each bucket.
 * A case counts or only stands by: cases that stand by shape faults and buckets, but nothing is averaged over them.
 */

/** One case: what it is (`truth`) and what a bucketing made of it (`bucket`). */
export interface Assignment {
  readonly truth: string;
  readonly bucket: string;
  readonly counts: boolean;
}

/** All between 0 and 1; 1 where there was nothing to get wrong. */
interface Agreement {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

export interface Measures {
  readonly cases: number;
  readonly faults: number;
  readonly buckets: number;
  /** Over pairs of cases: of those in one bucket, how many are of one fault; of those of one fault, how many are in one bucket. */
  readonly pairwise: Agreement;
  /** The same averaged over cases, so that a fault weighs by its cases and not by their square. */
  readonly bCubed: Agreement;
  /** Share of cases that are not in the bucket which holds most cases of their fault. */
  readonly secondBucket: number;
  /** Share of cases that lie in a bucket of which most cases are of another fault. */
  readonly merge: number;
  /** Faults whose cases fill exactly one bucket, alone. */
  readonly perfectFaults: number;
}

interface Count {
  all: number;
  counted: number;
}

interface Cell extends Count {
  readonly truth: Side;
  readonly bucket: Side;
}

/** A fault or a bucket with the cells it is made of. */
interface Side extends Count {
  readonly cells: Cell[];
}

export function measuresOf(assignments: readonly Assignment[]): Measures {
  const { truths, buckets, cells } = tabulated(assignments);
  const cases = assignments.filter(({ counts }) => counts).length;
  const counted = (sides: readonly Side[]): Side[] => sides.filter((side) => side.counted > 0);
  return {
    cases,
    faults: counted(truths).length,
    buckets: counted(buckets).length,
    pairwise: pairwise(truths, buckets, cells),
    bCubed: agreement(
      share(
        sumOf(cells, (cell) => (cell.counted * cell.all) / cell.bucket.all),
        cases,
      ),
      share(
        sumOf(cells, (cell) => (cell.counted * cell.all) / cell.truth.all),
        cases,
      ),
    ),
    secondBucket: 1 - share(sumOf(truths, inLargestCell), cases),
    merge: 1 - share(sumOf(buckets, inLargestCell), cases),
    perfectFaults: counted(truths).filter(isPerfect).length,
  };
}

function tabulated(assignments: readonly Assignment[]): { truths: Side[]; buckets: Side[]; cells: Cell[] } {
  const truths = new Map<string, Side>();
  const buckets = new Map<string, Side>();
  const cells = new Map<string, Cell>();
  for (const { truth, bucket, counts } of assignments) {
    const ofTruth = sideOf(truths, truth);
    const ofBucket = sideOf(buckets, bucket);
    const name = JSON.stringify([truth, bucket]);
    const cell = cells.get(name) ?? newCell(ofTruth, ofBucket);
    cells.set(name, cell);
    for (const count of [cell, ofTruth, ofBucket]) {
      count.all += 1;
      count.counted += counts ? 1 : 0;
    }
  }
  return { truths: [...truths.values()], buckets: [...buckets.values()], cells: [...cells.values()] };
}

function sideOf(sides: Map<string, Side>, name: string): Side {
  const side = sides.get(name) ?? { all: 0, counted: 0, cells: [] };
  sides.set(name, side);
  return side;
}

function newCell(truth: Side, bucket: Side): Cell {
  const cell = { all: 0, counted: 0, truth, bucket };
  truth.cells.push(cell);
  bucket.cells.push(cell);
  return cell;
}

/** Of equally large cells the one with more cases that count: which is the main one must not depend on order. */
function inLargestCell(side: Side): number {
  const [largest] = side.cells.toSorted((a, b) => b.all - a.all || b.counted - a.counted);
  return largest?.counted ?? 0;
}

function isPerfect(truth: Side): boolean {
  const [only] = truth.cells;
  return truth.cells.length === 1 && only?.bucket.cells.length === 1;
}

function pairwise(truths: readonly Side[], buckets: readonly Side[], cells: readonly Cell[]): Agreement {
  const together = sumOf(cells, pairs);
  return agreement(share(together, sumOf(buckets, pairs)), share(together, sumOf(truths, pairs)));
}

/** Pairs of which at least one case counts. */
function pairs({ all, counted }: Count): number {
  const standBy = all - counted;
  return (all * (all - 1) - standBy * (standBy - 1)) / 2;
}

function agreement(precision: number, recall: number): Agreement {
  const sum = precision + recall;
  return { precision, recall, f1: sum === 0 ? 0 : (2 * precision * recall) / sum };
}

function share(part: number, whole: number): number {
  return whole === 0 ? 1 : part / whole;
}

function sumOf<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0);
}
