import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunMarker } from '../src/guard/run-marker.ts';
import { isQuiet } from './support/deaths.ts';
import {
  type Ended,
  HOSTS,
  NODE,
  REGISTER,
  run,
  SLOW_PARENT,
  start,
  temporaryFolder,
  until,
} from './support/process.ts';
import { type Site, startSite } from './support/site.ts';
import { namesIn } from './support/spooled.ts';

/** A way to die. Without a location it is none that is reported. */
interface Way {
  readonly args: readonly string[];
  readonly location?: string | RegExp;
  readonly outcome?: unknown;
  readonly flags?: readonly string[];
}

const WAYS: readonly Way[] = [
  { args: ['abort.cjs'], location: 'signal:SIGABRT' },
  ...['SIGSEGV', 'SIGBUS', 'SIGILL', 'SIGTRAP', 'SIGFPE', 'SIGKILL', 'SIGABRT', 'SIGSYS', 'SIGQUIT'].map(
    (signal) => ({ args: ['signal.cjs', signal], location: `signal:${signal}` }),
  ),
  { args: ['signal-later.cjs', 'SIGSEGV'], location: 'signal:SIGSEGV' },
  { args: ['title.cjs'], location: 'signal:SIGSEGV' },
  { args: ['ten-listeners.cjs'], location: 'signal:SIGKILL' },
  // A stack larger than the system's: a real memory fault.
  { args: ['../stack-overflow.cjs'], flags: ['--stack-size=60000'], location: 'signal:SIGSEGV' },
  { args: ['forks.cjs'], location: 'signal:SIGSEGV' },
  { args: ['really-exit.cjs', '3'], location: 'exit:3' },
  { args: ['unsettled.mjs'], location: 'exit:13' },
  { args: ['../undefined-property.cjs'], location: /#total~/ },
  { args: ['abort-in-exit.cjs'], location: /abort-in-exit/ },
  { args: ['../rejection.mjs'], location: /#fetchPrice~/ },
  {
    args: ['../undefined-property.cjs'],
    flags: ['--abort-on-uncaught-exception'],
    location: /^signal:SIG(ABRT|TRAP|ILL)$/,
  },
  { args: ['../own-handler.cjs'], location: /own-handler/ },
  { args: ['handler-exits-later.cjs'], location: /handler-exits-later/ },
  { args: ['handler-aborts.cjs'], location: /handler-aborts/ },
  { args: ['handler-lives-on.cjs'], location: /handler-lives-on/, outcome: 'survived' },
  { args: ['nothing.cjs'] },
  { args: ['exit.cjs', '3'] },
  { args: ['really-exit.cjs', '0'] },
  { args: ['replaced.cjs'] },
  ...['SIGTERM', 'SIGINT', 'SIGHUP'].map((signal) => ({ args: ['signal.cjs', signal] })),
];

let site: Site;
let spool: string;
beforeEach(async () => {
  site = await startSite();
  // The guard is a shell: nothing in a name may mean something to it.
  spool = join(temporaryFolder(), `it's a "spool" of $HOME; *`);
});
afterEach(() => site.close());

describe('a death', () => {
  it.each(WAYS.map((way) => [[...(way.flags ?? []), ...way.args].join(' '), way] as const))(
    '%s is as on bare Node, is reported as what it is and leaves nothing behind',
    async (_name, way) => {
      const bare = await die(way, {});
      expect(await die(way, watched())).toEqual(bare);
      await until(() => isQuiet(spool), 'nothing left behind');
      const { location, outcome = 'fatal' } = way;
      expect(site.hits.map((hit) => [hit.bucket.location, hit.outcome, hit.count])).toEqual(
        location === undefined ? [] : [[matching(location), outcome, 1]],
      );
    },
  );

  it('out of memory is told from other aborts, and costs two lines on stderr', async () => {
    const way = { args: ['out-of-memory.cjs'], flags: ['--max-old-space-size=24'] };
    const bare = await die(way, {});
    const ended = await die(way, watched());
    expect({ code: ended.code, signal: ended.signal }).toEqual({ code: bare.code, signal: bare.signal });
    const ofReports = (text: string): number =>
      text.split('\n').filter((line) => /Node\.js report/.test(line)).length;
    expect([ofReports(bare.stderr), ofReports(ended.stderr)]).toEqual([0, 2]);
    await until(() => isQuiet(spool), 'nothing left behind');
    expect(site.hits).toMatchObject([{ outcome: 'fatal', bucket: { location: /^fatal:OOMError/ } }]);

    expect((await die(way, { ...watched(), FR_FATAL_REPORT: 'off' })).stderr).not.toMatch(/report/);
    await until(() => isQuiet(spool), 'nothing left behind');
    expect(site.hits[1]?.bucket.location).toBe('signal:SIGABRT');
  });
});

it.each(['SIGTERM', 'SIGKILL'] as const)(
  'an end by %s that the guard learns of too late is counted, and no failure',
  async (signal) => {
    const host = start(
      ['--require', REGISTER, join(HOSTS, 'deaths/service.cjs')],
      watched(),
      temporaryFolder(),
    );
    await until(() => guardIsAwake(), 'a guard that is awake');
    const guard = markerIn(spool)?.guard?.pid ?? 0;
    process.kill(guard, 'SIGSTOP');
    host.kill(signal);
    expect(await host.ended).toMatchObject({ signal });
    process.kill(guard, 'SIGCONT');
    await until(() => isQuiet(spool), 'nothing left behind');
    expect(site.hits).toEqual([]);
    expect(site.drops).toEqual({ unseen: 1 });
  },
);

function guardIsAwake(): boolean {
  const guard = markerIn(spool)?.guard?.pid;
  return guard !== undefined && existsSync(`/proc/${guard}/fd/9`);
}

function markerIn(folder: string): RunMarker | undefined {
  const name = namesIn(folder, 'runs').find((each) => each.endsWith('.json'));
  const text = name === undefined ? '' : readFileSync(join(folder, 'runs', name), 'utf8');
  return text === '' ? undefined : (JSON.parse(text) as RunMarker);
}

/** Dies under a parent that takes its time, so that what the guard can know does not depend on who is quicker. */
async function die(
  { args, flags = [] }: Way,
  env: Record<string, string>,
): Promise<Omit<Ended, 'stderr'> & { readonly stderr: string }> {
  const [name = '', ...rest] = args;
  const register =
    env['FR_SERVER'] === undefined ? [] : [name.endsWith('.mjs') ? '--import' : '--require', REGISTER];
  const host = [NODE, ...flags, ...register, join(HOSTS, 'deaths', name), ...rest];
  const ended = await run([SLOW_PARENT, spool, ...host], env, temporaryFolder());
  // Addresses are not the same in any two runs of an aborting Node; and Node calls one listener from another line than two.
  const stderr = ended.stderr
    .replaceAll(/0x[0-9a-f]+/g, '0x')
    .replaceAll(/node:events:[\d:]+/g, 'node:events');
  return { ...ended, stderr };
}

function matching(location: string | RegExp): unknown {
  return typeof location === 'string' ? location : expect.stringMatching(location);
}

function watched(): Record<string, string> {
  return { FR_SERVER: site.url, FR_KEY: site.token, FR_SPOOL_DIR: spool };
}
