/**
 * Which versions of a program a rule speaks of: a glob (`1.4.*`), or comparisons as in `>=1.2 <2`, alternatives joined
 * by `||`.
 * @module
 */
import { matchesGlob } from '@fr/protocol';
import { compareVersions, isComparable } from '../version/compare-versions.ts';

/** `unclear`: a comparison was asked of something that is no version (`nightly`, a commit's hash). */
export type VersionFit = 'yes' | 'no' | 'unclear';

const COMPARISON = '([<>]=?|=) ?v?[0-9][^ |<>=*]*';
const RANGE = `${COMPARISON}( +${COMPARISON})*`;

/** What a rule may say of a version, as a pattern for editors: comparisons, or one word that may hold `*`. */
export const VERSION_PATTERN: string = `^(${RANGE}( *\\|\\| *${RANGE})*|[^ <>=|]+)$`;

/** Whether a version lies in what a rule says. */
export function versionFits(wanted: string, version: string): VersionFit {
  if (!/[<>=|]/.test(wanted)) return matchesGlob(wanted, version) ? 'yes' : 'no';
  const bounds = [...wanted.matchAll(/[^ |<>=]+/g)].map(([bound]) => bound);
  if (![version, ...bounds].every(isComparable)) return 'unclear';
  const fits = wanted.split('||').some((range) => comparisons(range).every((test) => test(version)));
  return fits ? 'yes' : 'no';
}

function comparisons(range: string): readonly ((version: string) => boolean)[] {
  return [...range.matchAll(/(>=|<=|>|<|=) ?(\S+)/g)].map(([, sign = '', bound = '']) => {
    return (version) => {
      const order = compareVersions(version, bound) ?? 0;
      if (sign === '=') return order === 0;
      return (sign.startsWith('>') ? order > 0 : order < 0) || (sign.endsWith('=') && order === 0);
    };
  });
}
