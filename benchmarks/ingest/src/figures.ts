/** The middle one; of an even number the lower of the two. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;
}

export function lowest(values: readonly number[]): number {
  return Math.min(...values);
}

/** Lowest, median and highest, for a table. */
export function spread(values: readonly number[], digits = 1): string {
  return [lowest(values), median(values), Math.max(...values)]
    .map((value) => value.toFixed(digits))
    .join(' / ');
}

/** Microseconds of CPU this process has used in all its threads. */
export function cpuMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
