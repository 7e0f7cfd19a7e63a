/** Everything the fuzzer holds the package to, and what it starts from. */
import type { Corpus } from '../case.ts';
import { anyFailure } from './check/any-failure.ts';
import { anyKey, anySourceMap, bothMapForms, pastedStack } from './check/any-text.ts';
import type { Check, Seed } from './check/check.ts';
import { moreCallers, movedCase, movedProgram, otherMessage } from './check/same-bucket.ts';
import { Random } from './random.ts';
import type { Specimen } from './specimen.ts';

/** Named twice to be tried twice as often. */
const CHECKS: readonly [Check, ...Check[]] = [
  anyFailure,
  anyFailure,
  anyFailure,
  pastedStack,
  anySourceMap,
  anyKey,
  bothMapForms,
  movedProgram,
  movedCase,
  otherMessage,
  moreCallers,
];

/** The input of one round: the same for the same seed, round and corpus. */
export function roundOf(
  seed: number,
  round: number,
  seeds: readonly Seed[],
): { readonly check: Check; readonly specimen: Specimen | undefined } {
  const random = new Random(seed, round);
  const check = random.pick(CHECKS);
  return { check, specimen: check.make(random, seeds) };
}

export function seedsFrom({ cases, texts }: Corpus): readonly Seed[] {
  const read = (names: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(Object.entries(names).map(([file, name]) => [file, texts.get(name) ?? '']));
  return cases.map((one) => ({ one, sources: read(one.sources), maps: read(one.maps) }));
}
