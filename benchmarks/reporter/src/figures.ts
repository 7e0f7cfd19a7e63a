/** The middle one of some values. */
export function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** `+3.1`. */
export function printDifference(value: number): string {
  return `${value < 0 ? '' : '+'}${value.toFixed(1)}`;
}

/** A table in Markdown; the first row is the head. */
export function printTable(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
}
