/**
 * A campaign: rounds until the time is over, in a thread of its own, because a hang cannot be seen from inside. Before
 * each round its number is put where the watching thread sees it; when a number stays too long, that round hangs.
 * The same promise broken again is counted but not shown again.
 */
import type { Seed } from './check/check.ts';
import { roundOf } from './checks.ts';
import { promiseOf, shrunk } from './shrink.ts';
import { Tally } from './tally.ts';
import { type Trial, tried } from './trial.ts';

export interface Order {
  readonly seed: number;
  readonly firstRound: number;
  /** Either so many rounds or so much time, whichever ends first. */
  readonly rounds: number;
  readonly ms: number;
}

/** What went wrong for the first time. */
export interface Finding {
  readonly round: number;
  readonly check: string;
  readonly complaint: string;
  /** Smallest input found that does the same, as JSON. */
  readonly specimen: string;
}

export interface Outcome {
  readonly rounds: number;
  /** Rounds in which a promise was broken, by promise. */
  readonly broken: ReadonlyMap<string, number>;
  readonly text: string;
}

export function runCampaign(
  { seed, firstRound, rounds, ms }: Order,
  seeds: readonly Seed[],
  onRound: (round: number) => void,
  onFinding: (finding: Finding) => void,
): Outcome {
  const deadline = performance.now() + ms;
  const tally = new Tally();
  const broken = new Map<string, number>();
  let round = firstRound;
  for (; round < firstRound + rounds && performance.now() < deadline; round++) {
    onRound(round);
    const { check, specimen } = roundOf(seed, round, seeds);
    if (specimen === undefined) continue;
    const trial = measured(
      () => tried(check, specimen),
      (once) => tally.wouldBeSlowest(check.name, once),
    );
    tally.add(check.name, trial, round);
    if (trial.complaint === undefined) continue;
    const promise = `${check.name}, ${promiseOf(trial.complaint)}`;
    const times = broken.get(promise) ?? 0;
    broken.set(promise, times + 1);
    if (times > 0) continue;
    onRound(round);
    const smallest = shrunk(check, specimen, trial.complaint);
    const complaint = tried(check, smallest).complaint ?? trial.complaint;
    onFinding({ round, check: check.name, complaint, specimen: JSON.stringify(smallest) });
  }
  return { rounds: round - firstRound, broken, text: tally.text };
}

/** What looks slow is done again: the collector of garbage may have struck. */
function measured(run: () => Trial, isDubious: (trial: Trial) => boolean): Trial {
  const trials = [run()];
  while (
    trials.length < 3 &&
    trials.every((trial) => isDubious(trial) || trial.complaint?.startsWith('time'))
  )
    trials.push(run());
  return trials.reduce((best, trial) => (trial.ms < best.ms ? trial : best));
}
