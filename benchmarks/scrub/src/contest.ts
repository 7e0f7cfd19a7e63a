import type { Sample } from './texts.ts';

/** Somebody who scrubs a text. */
export interface Scrubber {
  readonly name: string;
  readonly scrub: (text: string) => unknown;
}

/** Milliseconds of CPU per MB (10^6 characters) over all rounds: the fifth percentile, the median, the ninetieth percentile. */
export interface Figure {
  readonly best: number;
  readonly median: number;
  readonly slow: number;
}

/** A round that takes longer than this is the last of its scrubber. */
const PATIENCE_MS = 4000;

/** Every scrubber in every round, in turn, so that a busy machine hurts all of them alike. */
export function contest(
  sample: Sample,
  scrubbers: readonly Scrubber[],
  rounds: number,
): readonly (Figure | undefined)[] {
  const times: number[][] = scrubbers.map(() => []);
  const given = new Set<number>();
  for (let round = -Math.ceil(rounds / 4); round < rounds; round += 1) {
    scrubbers.forEach((scrubber, index) => {
      if (given.has(index)) return;
      const took = timed(scrubber, sample.text);
      if (round >= 0 || took > PATIENCE_MS) times[index]?.push(took);
      if (took > PATIENCE_MS) given.add(index);
    });
  }
  return times.map((list) => figureOf(list, sample.text.length));
}

function timed({ scrub }: Scrubber, text: string): number {
  const start = process.cpuUsage();
  scrub(text);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

function figureOf(times: readonly number[], size: number): Figure | undefined {
  const sorted = times.map((time) => (time * 1e6) / size).sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return sorted.length === 0 ? undefined : { best: at(0.05), median: at(0.5), slow: at(0.9) };
}
