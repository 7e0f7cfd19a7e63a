/** A promise of the package, with what it takes to put it to the test. */
import type { Case } from '../../case.ts';
import type { Random } from '../random.ts';
import type { Specimen } from '../specimen.ts';

/** A case of the corpus with its texts at hand. */
export interface Seed {
  readonly one: Case;
  readonly sources: Readonly<Record<string, string>>;
  readonly maps: Readonly<Record<string, string>>;
  /** Folder of the program's package.json, when the case knows it. */
  readonly root?: string;
}

const PATIENCE = 50;

/** One of the seeds that suit; `undefined` when none came up soon. */
export function suitableSeed(
  random: Random,
  seeds: readonly Seed[],
  suits: (seed: Seed) => boolean,
): Seed | undefined {
  for (let tries = 0; tries < PATIENCE; tries++) {
    const seed = random.anyOf(seeds);
    if (seed !== undefined && suits(seed)) return seed;
  }
  return undefined;
}

export interface Check {
  readonly name: string;
  /** `undefined` when these seeds give nothing to try. */
  readonly make: (random: Random, seeds: readonly Seed[]) => Specimen | undefined;
  /** Which promise the specimen breaks, `undefined` if none; the words before a colon name the promise. */
  readonly complaint: (specimen: Specimen) => string | undefined;
}
