import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spread } from './figures.ts';
import { Contender } from './program.ts';

/** A site that holds much, opened again and again. Lines of a report. */
export async function startUp(
  folder: string,
  options: { readonly buckets: number; readonly entries: number; readonly rounds: number },
): Promise<readonly string[]> {
  const { buckets, entries, rounds } = options;
  const dir = join(folder, 'full');
  mkdirSync(dir);
  const fill = fileURLToPath(new URL('programs/fill.ts', import.meta.url));
  execFileSync(process.execPath, ['--conditions=@fr/source', fill, dir, String(buckets), String(entries)], {
    stdio: 'inherit',
  });
  const [starts, sizes]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    const site = new Contender('site', [dir]);
    const { startMs, rss } = await site.ask<{ readonly startMs: number; readonly rss: number }>({});
    starts.push(startMs);
    sizes.push(rss / 2 ** 20);
    await site.end();
  }
  return [
    `${buckets} buckets, ${entries} entries, lowest / median / highest of ${rounds} starts`,
    `  opening the folder until it listens  ${spread(starts, 0)} ms   (goal: 1000)`,
    `  RSS then                             ${spread(sizes, 0)} MiB   (goal: 200)`,
  ];
}
