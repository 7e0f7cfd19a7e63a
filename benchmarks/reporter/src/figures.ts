/** Measured values of one cell. */
export interface Sample {
  readonly min: number;
  readonly median: number;
  readonly max: number;
  readonly count: number;
}

/** Smallest, middle and largest of some values. */
export function sampleOf(values: readonly number[]): Sample {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (index: number): number => sorted[Math.min(sorted.length - 1, Math.max(0, index))] ?? Number.NaN;
  return { min: at(0), median: at(sorted.length >> 1), max: at(sorted.length - 1), count: sorted.length };
}

/** `+3.1 (2.8…4.0)`. */
export function printSample({ min, median, max }: Sample, digits = 1): string {
  const print = (value: number): string => value.toFixed(digits);
  return `${median >= 0 ? '+' : ''}${print(median)} (${print(min)}…${print(max)})`;
}

/** A table in Markdown; the first row is the head. */
export function printTable(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
}
