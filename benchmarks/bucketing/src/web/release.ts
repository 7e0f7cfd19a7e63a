/**
 * The programs' releases. A line that starts with `//+` is only in release 1.1.0, so both come from one text: the
 * later one has more lines above and between the same faults.
 */
export type Release = '1.0.0' | '1.1.0';

const LATER_ONLY = /^(\s*)\/\/\+ ?/;

export function textOf(release: Release, text: string): string {
  const lines = text.split('\n');
  const kept =
    release === '1.0.0'
      ? lines.filter((line) => !LATER_ONLY.test(line))
      : lines.map((line) => line.replace(LATER_ONLY, '$1'));
  return kept.join('\n');
}
