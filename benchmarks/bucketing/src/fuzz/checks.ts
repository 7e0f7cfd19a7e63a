/** Everything the fuzzer holds the package to, and what it starts from. */
import type { Corpus } from '../case.ts';
import { anyFailure } from './check/any-failure.ts';
import { anyKey, anySourceMap, bothMapForms, pastedStack } from './check/any-text.ts';
import type { Check, Seed } from './check/check.ts';
import { linesAbove } from './check/lines-above.ts';
import { moreCallers, movedCase, movedProgram, otherMessage } from './check/same-bucket.ts';
import { Random } from './random.ts';
import type { Specimen } from './specimen.ts';

/** With how often each is tried; the last one is slow and knows only as many inputs as there are cases. */
const CHECKS: readonly (readonly [Check, times: number])[] = [
  [anyFailure, 30],
  [pastedStack, 10],
  [anySourceMap, 6],
  [anyKey, 6],
  [movedProgram, 12],
  [movedCase, 12],
  [otherMessage, 12],
  [moreCallers, 12],
  [linesAbove, 8],
  [bothMapForms, 1],
];
const DRAWER: readonly Check[] = CHECKS.flatMap(([check, times]) =>
  Array.from({ length: times }, () => check),
);

/** The input of one round: the same for the same seed, round and corpus. */
export function roundOf(
  seed: number,
  round: number,
  seeds: readonly Seed[],
): { readonly check: Check; readonly specimen: Specimen | undefined } {
  const random = new Random(seed, round);
  const check = random.anyOf(DRAWER) ?? anyFailure;
  return { check, specimen: check.make(random, seeds) };
}

export function seedsFrom({ cases, texts }: Corpus): readonly Seed[] {
  const read = (names: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(Object.entries(names).map(([file, name]) => [file, texts.get(name) ?? '']));
  return cases.map((one) => {
    const sources = read(one.sources);
    const root = rootIn(sources, one.program);
    return { one, sources, maps: read(one.maps), ...(root === undefined ? {} : { root }) };
  });
}

const MANIFEST = '/package.json';

function rootIn(sources: Readonly<Record<string, string>>, program: string): string | undefined {
  const manifest = Object.entries(sources).find(
    ([file, text]) =>
      file.startsWith('/') && file.endsWith(MANIFEST) && /"name":\s*"([^"]+)"/.exec(text)?.[1] === program,
  );
  return manifest?.[0].slice(0, -MANIFEST.length);
}
