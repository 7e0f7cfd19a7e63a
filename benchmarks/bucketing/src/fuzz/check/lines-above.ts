/** Comments added at the top of a file move every line of it, and no bucket. */
import { bucketOf, type ErrorFacts, type ErrorFailure, problemKey } from '@fr/bucket';
import { mapTexts } from '../../generate/facts.ts';
import { failureFrom } from '../specimen.ts';
import { type Check, type Seed, suitableSeed } from './check.ts';

/** Places that are told by line, because nothing better is known there. */
const BY_LINE = /~L\d|:\d+:\d+/;
const URL_MARK = /^file:\/\//;

export const linesAbove: Check = {
  name: 'lines above',
  make: (random, seeds) => {
    const seed = suitableSeed(random, seeds, isReadable);
    if (seed === undefined) return undefined;
    const { program, programVersion, error } = seed.one;
    const failure = { kind: 'error', program, programVersion, error };
    const file = (random.anyOf(codeFiles(seed)) ?? '').replace(URL_MARK, '');
    const lines = 1 + random.below(30);
    return { failure, sources: seed.sources, maps: {}, mapsAs: 'text', more: { file, lines } };
  },
  complaint: (specimen) => {
    const { file, lines } = specimen.more;
    const { sources } = specimen;
    const failure = specimen.failure as ErrorFailure;
    const before = problemKey(bucketOf(failureFrom(specimen)));
    if (typeof failure.error !== 'object' || BY_LINE.test(before)) return undefined;
    const remarks = '// a remark\n'.repeat(Number(lines));
    const moved = Object.fromEntries(
      // One file may be known by its path and by its URL.
      Object.entries(sources).map(([name, text]) => [
        name,
        name.replace(URL_MARK, '') === file ? remarks + text : text,
      ]),
    );
    const error = mapTexts(failure.error, (stack) => shifted(stack, String(file), Number(lines)));
    const after = problemKey(
      bucketOf(failureFrom({ ...specimen, failure: { ...failure, error }, sources: moved })),
    );
    return before === after ? undefined : `lines above count: ${before} became ${after}`;
  },
};

/** Sources that stand for themselves: no map leads away from them, and no message repeats their places. */
function isReadable(seed: Seed): boolean {
  return Object.keys(seed.maps).length === 0 && codeFiles(seed).length > 0 && !namesPlaces(seed.one.error);
}

function codeFiles({ sources }: Seed): string[] {
  return Object.keys(sources).filter(
    (file) => /\.[cm]?[jt]s$/.test(file) && !sources[file]?.startsWith('#!'),
  );
}

function namesPlaces({ message, cause, errors }: ErrorFacts): boolean {
  return /:\d+/.test(message ?? '') || cause !== undefined || errors !== undefined;
}

function shifted(stack: string, file: string, by: number): string {
  return stack
    .split(`${file}:`)
    .map((part, index) => (index === 0 ? part : part.replace(/^\d+/, (line) => String(Number(line) + by))))
    .join(`${file}:`);
}
