import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunMarker } from '../src/guard/run-marker.ts';
import { isQuiet, processesOf } from './support/deaths.ts';
import { HOSTS, NODE, REGISTER, run, SLOW_PARENT, start, temporaryFolder, until } from './support/process.ts';
import { type Site, startSite } from './support/site.ts';
import { namesIn } from './support/spooled.ts';

let site: Site;
let spool: string;
beforeEach(async () => {
  site = await startSite();
  spool = join(temporaryFolder(), 'spool');
});
afterEach(() => site.close());

describe('a guard that comes late', () => {
  it('is not launched for a program that is over at once, whose death the next start finds', async () => {
    await run([...watched('signal.cjs'), 'SIGKILL'], env());
    expect([processesOf(spool), namesIn(spool, 'runs').length, site.hits.length]).toEqual([[], 1, 0]);
    await run(watched('nothing.cjs'), env());
    await until(() => isQuiet(spool), 'settled');
    expect(site.hits).toMatchObject([{ outcome: 'unknown', bucket: { location: 'signal:unknown' } }]);
  });

  it('reports at once how a program died that has run for a while', async () => {
    const host = start([SLOW_PARENT, spool, NODE, ...watched('idles.cjs')], env());
    await until(() => processesOf(spool).some((line) => line.includes('fr-guard')), 'a guard');
    await until(() => marker()?.guard !== undefined, 'a marker that names it');
    process.kill(marker()?.life.pid ?? 0, 'SIGSEGV');
    await host.ended;
    await until(() => isQuiet(spool), 'settled');
    expect(site.hits).toMatchObject([{ outcome: 'fatal', bucket: { location: 'signal:SIGSEGV' } }]);
  });
});

function watched(name: string): readonly string[] {
  return ['--require', REGISTER, join(HOSTS, 'deaths', name)];
}

function marker(): RunMarker | undefined {
  const [name = ''] = namesIn(spool, 'runs');
  try {
    return JSON.parse(readFileSync(join(spool, 'runs', name), 'utf8')) as RunMarker;
  } catch {
    return undefined;
  }
}

function env(): Record<string, string> {
  return { FR_SERVER: site.url, FR_KEY: site.token, FR_SPOOL_DIR: spool, FR_GUARD: 'late' };
}
