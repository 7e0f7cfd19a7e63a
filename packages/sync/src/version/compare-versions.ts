/**
 * Which of two versions is the later one. Versions are whatever programs call themselves; where both are semantic versions
 * this is their order (semver.org, 11), and for others that begin with a number it goes on in the same way: numbers first,
 * as many as there are (`1.2.3.4`, a missing one being 0), and what stands behind them comes before the version without
 * it (`2.0-rc` before `2.0`). Behind a `+` nothing counts.
 * @module
 */

interface Version {
  readonly numbers: readonly string[];
  /** What stands behind the numbers; empty for a release. */
  readonly words: readonly string[];
}

/**
 * Below 0 where `a` is earlier, above 0 where it is later, 0 where they are the same version; nothing where one of them
 * cannot be compared because it does not begin with a number (`nightly`, most hashes of commits).
 */
export function compareVersions(a: string, b: string): number | undefined {
  const [left, right] = [parseVersion(a), parseVersion(b)];
  if (!left || !right) return undefined;
  return compareNumbers(left.numbers, right.numbers) || compareWords(left.words, right.words);
}

/** Whether a version can be compared at all. */
export function isComparable(version: string): boolean {
  return parseVersion(version) !== undefined;
}

function parseVersion(text: string): Version | undefined {
  const [version = ''] = text.replace(/^v(?=[0-9])/, '').split('+');
  if (!/^[0-9]+(?:[.\-_]|$)/.test(version)) return undefined;
  const [release = ''] = version.split('-');
  const pieces = release.split(/[._]/).filter((piece) => piece !== '');
  const end = pieces.findIndex((piece) => !isNumber(piece));
  const numbers = end < 0 ? pieces : pieces.slice(0, end);
  const behind = version.slice(release.length + 1).split(/[._-]/);
  const words = [...(end < 0 ? [] : pieces.slice(end)), ...behind].filter((piece) => piece !== '');
  return { numbers, words };
}

function isNumber(piece: string): boolean {
  return /^[0-9]+$/.test(piece);
}

function compareNumbers(a: readonly string[], b: readonly string[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const order = compareNumber(a[index] ?? '0', b[index] ?? '0');
    if (order !== 0) return order;
  }
  return 0;
}

/** By their digits: some programs count by the second, and more digits than a number holds. */
function compareNumber(a: string, b: string): number {
  const [left, right] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  return left.length - right.length || compareText(left, right);
}

/** None at all is the release, which comes last; else piece by piece, numbers before words, the shorter list first. */
function compareWords(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return Math.sign(b.length - a.length);
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const order = compareWord(a[index] ?? '', b[index] ?? '');
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareWord(a: string, b: string): number {
  if (isNumber(a) && isNumber(b)) return compareNumber(a, b);
  if (isNumber(a)) return -1;
  return isNumber(b) ? 1 : compareText(a, b);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
