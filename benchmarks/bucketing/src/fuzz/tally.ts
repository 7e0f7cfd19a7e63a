/** What a campaign has seen, in numbers. */
import type { Trial } from './trial.ts';

/** Below this size the cost of the call itself is all there is to measure. */
const LEAST_KILOBYTES = 1;
const LARGE_KILOBYTES = 256;

interface Slowest {
  readonly msPerKilobyte: number;
  readonly ms: number;
  readonly kilobytes: number;
  readonly round: number;
}

interface Line {
  rounds: number;
  slowest?: Slowest;
  /** Among inputs of 256 KB and more. */
  slowestLarge?: Slowest;
}

export class Tally {
  readonly #lines = new Map<string, Line>();

  /** Whether this would be the slowest of its check: then it is worth a second measurement. */
  wouldBeSlowest(name: string, trial: Trial): boolean {
    return (
      trial.kilobytes >= LEAST_KILOBYTES && perKilobyte(trial) > perKilobyte(this.#lines.get(name)?.slowest)
    );
  }

  add(name: string, trial: Trial, round: number): void {
    const line = this.#lines.get(name) ?? { rounds: 0 };
    this.#lines.set(name, line);
    line.rounds += 1;
    const seen = { msPerKilobyte: perKilobyte(trial), ms: trial.ms, kilobytes: trial.kilobytes, round };
    if (this.wouldBeSlowest(name, trial)) line.slowest = seen;
    if (trial.kilobytes >= LARGE_KILOBYTES && perKilobyte(trial) > perKilobyte(line.slowestLarge))
      line.slowestLarge = seen;
  }

  get text(): string {
    return [...this.#lines]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { rounds, slowest, slowestLarge }]) =>
        [
          `${name}: ${rounds} rounds`,
          slowestText('slowest', slowest),
          slowestText('of the large', slowestLarge),
        ]
          .filter((part) => part !== '')
          .join('; '),
      )
      .join('\n');
  }
}

function perKilobyte(measured: { readonly ms: number; readonly kilobytes: number } | undefined): number {
  return measured === undefined ? 0 : measured.ms / measured.kilobytes;
}

function slowestText(which: string, slowest: Slowest | undefined): string {
  if (slowest === undefined) return '';
  const { msPerKilobyte, ms, kilobytes, round } = slowest;
  return `${which} ${msPerKilobyte.toFixed(3)} ms/KB (${ms.toFixed(1)} ms, ${kilobytes.toFixed(0)} KB, round ${round})`;
}
