/** A scorecard as people read it: tables in markdown. */
import type { Measures } from './measures.ts';
import type { Row, Scorecard } from './scorecard.ts';

type Column = readonly [title: string, cell: (measures: Measures) => string];

const AGREEMENT: readonly Column[] = [
  ['pairs P', ({ pairwise }) => ratio(pairwise.precision)],
  ['pairs R', ({ pairwise }) => ratio(pairwise.recall)],
  ['pairs F1', ({ pairwise }) => ratio(pairwise.f1)],
  ['B³ P', ({ bCubed }) => ratio(bCubed.precision)],
  ['B³ R', ({ bCubed }) => ratio(bCubed.recall)],
];
const ESSENCE: readonly Column[] = [
  ['B³ F1', ({ bCubed }) => ratio(bCubed.f1)],
  ['second bucket', ({ secondBucket }) => percent(secondBucket)],
  ['merge', ({ merge }) => percent(merge)],
];
const COUNTS: readonly Column[] = [
  ['perfect faults', ({ perfectFaults, faults }) => `${perfectFaults} of ${faults}`],
  ['buckets', ({ buckets }) => String(buckets)],
  ['cases', ({ cases }) => String(cases)],
];

export function scoreTables({ cases, faults, scope, bucketings, scopes }: Scorecard): string {
  const over = scope === undefined ? '' : ` of scope ${scope}`;
  const columns = [...AGREEMENT, ...ESSENCE, ...COUNTS];
  return [
    `${cases} cases${over}, ${faults} faults.`,
    'Buckets: one version of program and modules.',
    rowsTable('bucketing', columns, bucketings, ({ bucket }) => bucket),
    'Problems: across versions.',
    rowsTable('bucketing', columns, bucketings, ({ problem }) => problem),
    'fr, scope by scope: averaged over the cases of the scope, put together with all others.',
    scopeTable(scopes),
  ].join('\n\n');
}

function rowsTable(
  title: string,
  columns: readonly Column[],
  rows: readonly Row[],
  measures: (row: Row) => Measures,
): string {
  return table(
    [title, ...columns.map(([name]) => name)],
    rows.map((row) => [row.name, ...columns.map(([, cell]) => cell(measures(row)))]),
  );
}

function scopeTable(rows: readonly Row[]): string {
  return table(
    [
      'scope',
      'cases',
      'faults',
      ...ESSENCE.map(([name]) => `bucket ${name}`),
      ...ESSENCE.map(([name]) => `problem ${name}`),
    ],
    rows.map(({ name, bucket, problem }) => [
      name,
      String(problem.cases),
      String(problem.faults),
      ...ESSENCE.map(([, cell]) => (bucket.cases === 0 ? '' : cell(bucket))),
      ...ESSENCE.map(([, cell]) => cell(problem)),
    ]),
  );
}

/** First column to the left, numbers to the right, padded to be read as plain text too. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, at) =>
    Math.max(3, title.length, ...rows.map((row) => row[at]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string => {
    const padded = cells.map((cell, at) =>
      at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0),
    );
    return `| ${padded.join(' | ')} |`;
  };
  const rule = widths.map((width, at) => (at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

function ratio(value: number): string {
  return value.toFixed(3);
}

function percent(value: number): string {
  return `${(value * 100).toFixed(1)} %`;
}
