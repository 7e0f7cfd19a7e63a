import { join } from 'node:path';
import { spread } from './figures.ts';
import { Contender } from './program.ts';
import { BUCKETS } from './traffic.ts';

interface Cost {
  readonly cpuPerHit: number;
  readonly perSecond: number;
}

/** How hits come at saturation: a few callers with many each, or many callers with one each. */
const WAYS = [
  { name: 'calls of 100, 8 at once', perCall: 100, atOnce: 8 },
  { name: 'calls of 1, 1,000 at once', perCall: 1, atOnce: 1_000 },
  { name: 'calls of 1, 64 at once', perCall: 1, atOnce: 64 },
] as const;

/** How buckets are met for the first time. */
const BIRTHS = { buckets: 'each once', hits: BUCKETS, perCall: 100, atOnce: 8 } as const;

/**
 * CPU of a hit, beside a bare transaction of 100 upserts, in turns; hits of buckets that are known, and apart from them
 * the first hits of 10,000, each time in a process and a folder of their own. Lines of a report.
 */
export async function throughLibrary(
  folder: string,
  options: { readonly rounds: number; readonly hits: number },
): Promise<readonly string[]> {
  const { rounds, hits } = options;
  const bare = new Contender('bare-sqlite', [join(folder, 'bare.sqlite')]);
  const library = new Contender('library', [join(folder, 'library')]);
  const costs = new Map<string, Cost[]>();
  const note = async (name: string, cost: Promise<Cost>) => {
    costs.set(name, [...(costs.get(name) ?? []), await cost]);
  };
  try {
    await library.ask<Cost>(BIRTHS);
    for (let round = 0; round < rounds; round++) {
      await note('bare SQLite, 100 upserts a commit', bare.ask<Cost>({ hits }));
      for (const { name, ...way } of WAYS)
        await note(name, library.ask<Cost>({ buckets: 'drawn', hits, ...way }));
      await note('first hits of buckets, 8 × 100', births(join(folder, `births-${round}`)));
    }
    return [
      `CPU per hit in µs, all threads, lowest / median / highest of ${rounds} rounds of ${hits} hits   (goal: 12)`,
      ...[...costs].map(([name, all]) => {
        const cpu = spread(all.map(({ cpuPerHit }) => cpuPerHit));
        const rate = spread(
          all.map(({ perSecond }) => perSecond),
          0,
        );
        return `  ${name.padEnd(36)}${cpu.padEnd(22)}${rate} a second`;
      }),
    ];
  } finally {
    for (const one of [bare, library]) await one.end();
  }
}

async function births(folder: string): Promise<Cost> {
  const library = new Contender('library', [folder]);
  try {
    return await library.ask<Cost>(BIRTHS);
  } finally {
    await library.end();
  }
}
