import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spread } from './figures.ts';
import { Contender } from './program.ts';

/** Buckets in which a server is busy before it is killed. */
const BUSY = 300;

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
  return [`${buckets} buckets, ${entries} entries`, ...(await startsOf(dir, rounds))];
}

/** The same of a folder that is filled already. */
export async function startsOf(dir: string, rounds: number): Promise<readonly string[]> {
  const [clean, killed]: [Start[], Start[]] = [[], []];
  // The first start after a fill finds a folder that nobody has looked at.
  await stopped(dir);
  for (let round = 0; round < rounds; round++) {
    clean.push(await stopped(dir));
    const busy = new Contender('opener', [dir]);
    const { pid } = await busy.ask<{ readonly pid: number }>({ buckets: BUSY });
    process.kill(pid, 'SIGKILL');
    await busy.end();
    killed.push(await stopped(dir, 'opener'));
  }
  const ms = (starts: readonly Start[]) =>
    spread(
      starts.map(({ startMs }) => startMs),
      0,
    );
  const mib = (starts: readonly Start[]) =>
    spread(
      starts.map(({ rss }) => rss / 2 ** 20),
      0,
    );
  return [
    `lowest / median / highest of ${rounds} starts`,
    `  after a clean stop: until a site listens        ${ms(clean)} ms   (goal: 1000)`,
    `                      RSS then                    ${mib(clean)} MiB   (goal: 200)`,
    `  after kill -9 among ${BUSY} entries: until it is open ${ms(killed)} ms`,
    `                      RSS then                    ${mib(killed)} MiB`,
  ];
}

interface Start {
  readonly startMs: number;
  readonly rss: number;
}

/** One start, ended cleanly. */
async function stopped(dir: string, program: 'site' | 'opener' = 'site'): Promise<Start> {
  const server = new Contender(program, [dir]);
  const start = await server.ask<Start>({});
  await server.end();
  return start;
}
