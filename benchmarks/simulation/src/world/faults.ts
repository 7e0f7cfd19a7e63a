import type { Random } from './random.ts';

/** What can go wrong. A seed turns on some of them; `--without` turns one off and leaves the rest as it was. */
export const FAULTS = [
  'drop',
  'duplicate',
  'delay',
  'break',
  'partition',
  'crash',
  'slow-disk',
  'skew',
  'jump',
  'restore-site',
  'clone-site',
  'restore-vendor',
  'change-demands',
  'two-passes',
] as const;
export type Fault = (typeof FAULTS)[number];

/** Which faults a run has. */
export type FaultPlan = ReadonlySet<Fault>;

const RARE: ReadonlySet<Fault> = new Set(['restore-site', 'clone-site', 'restore-vendor']);

/** The faults of a seed: each run has some of them only, so that one does not hide what another would show. */
export function drawFaults(random: Random, without: readonly string[]): FaultPlan {
  const drawn = FAULTS.filter((fault) => random.chance(RARE.has(fault) ? 0.2 : 0.6));
  return new Set(drawn.filter((fault) => !without.includes(fault)));
}
