/**
 * Which versions of a program a rule speaks of: a glob (`1.4.*`), or comparisons as in `>=1.2 <2`, alternatives joined
 * by `||`. Versions are whatever programs call themselves, so they are compared piece by piece: numbers as numbers,
 * words as words, and a word behind the numbers (`2.0.0-rc.1`) stands before the version without it.
 * @module
 */
import { matchesGlob } from '@fr/protocol';

/** `unclear`: a comparison was asked of something that is no version (`nightly`, a commit's hash). */
export type VersionFit = 'yes' | 'no' | 'unclear';

const COMPARISON = '([<>]=?|=) ?v?[0-9][^ |<>=*]*';
const RANGE = `${COMPARISON}( +${COMPARISON})*`;

/** What a rule may say of a version, as a pattern for editors: comparisons, or one word that may hold `*`. */
export const VERSION_PATTERN: string = `^(${RANGE}( *\\|\\| *${RANGE})*|[^ <>=|]+)$`;

/** Whether a version lies in what a rule says. */
export function versionFits(wanted: string, version: string): VersionFit {
  if (!/[<>=|]/.test(wanted)) return matchesGlob(wanted, version) ? 'yes' : 'no';
  const pieces = piecesOf(version);
  if (!pieces) return 'unclear';
  const fits = wanted.split('||').some((range) => comparisons(range).every((test) => test(pieces)));
  return fits ? 'yes' : 'no';
}

type Piece = number | string;

function comparisons(range: string): readonly ((version: readonly Piece[]) => boolean)[] {
  return [...range.matchAll(/(>=|<=|>|<|=) ?(\S+)/g)].map(([, sign = '', bound = '']) => {
    const pieces = piecesOf(bound) ?? [];
    return (version) => {
      const order = compare(version, pieces);
      if (sign === '=') return order === 0;
      return (sign.startsWith('>') ? order > 0 : order < 0) || (sign.endsWith('=') && order === 0);
    };
  });
}

/** Behind a `+` nothing counts. Nothing for what does not begin with a number. */
function piecesOf(version: string): readonly Piece[] | undefined {
  const [text = ''] = version.replace(/^v(?=[0-9])/, '').split('+');
  if (!/^[0-9]+(?:[.\-_]|$)/.test(text)) return undefined;
  return text
    .split(/[.\-_]/)
    .filter((piece) => piece !== '')
    .map((piece) => (/^[0-9]+$/.test(piece) ? Number(piece) : piece.toLowerCase()));
}

function compare(a: readonly Piece[], b: readonly Piece[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const order = comparePiece(a[index], b[index]);
    if (order !== 0) return order;
  }
  return 0;
}

/** A missing piece is 0 beside a number (`1.4` is `1.4.0`) and comes after any word (`2.0` after `2.0-rc`). */
function comparePiece(a: Piece | undefined, b: Piece | undefined): number {
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === 'string') return -1;
  if (typeof b === 'string') return 1;
  return (a ?? 0) - (b ?? 0);
}
