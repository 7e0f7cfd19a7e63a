import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BUILT } from './support/built.ts';
import {
  type Ended,
  HOSTS,
  NODE,
  REGISTER,
  run,
  runReporter,
  started,
  temporaryFolder,
} from './support/process.ts';
import { type Site, startSite } from './support/site.ts';

const HOST = join(HOSTS, 'undefined-property.cjs');
const REPORTER = join(BUILT, 'fr-reporter.js');

let bare: Ended;
let site: Site;
let spool: string;
beforeAll(async () => {
  bare = await run([HOST]);
});
beforeEach(async () => {
  site = await startSite();
  spool = join(temporaryFolder(), 'spool');
});
afterEach(() => site.close());

describe('what cannot be meant', () => {
  it.each([
    [{ FR_SERVER: 'example.org' }, 'the server "example.org" is no http address', 'is no http address'],
    [{ FR_SERVER: 'ftp://example.org/' }, 'is no http address', 'is no http address'],
    [{ FR_KEY: 'frk_cut-off' }, 'FR_KEY is no reporter key', 'a part of it is missing'],
    [{ FR_CONSENT: 'some' }, 'FR_CONSENT "some" is none of off, count', 'it counts as off'],
    [{ FR_GUARD: 'maybe' }, 'FR_GUARD "maybe" is none of auto', 'it counts as auto'],
    [{ FR_HANG: 'long' }, 'FR_HANG "long" is no time', 'hangs are not watched for'],
    [{ FR_EXIT_WAIT: '5' }, 'FR_EXIT_WAIT "5" is no time', 'nothing is waited for'],
    [{ FR_COLLECT: 'stak' }, 'FR_COLLECT "stak" names what is no', 'left out'],
    [{ FR_COLLECT: 'stack,core' }, 'FR_COLLECT "stack,core" names a type that fr has no', 'ever sent'],
    [{ FR_BREADCRUMBS: 'console,\n' }, undefined, undefined],
    [{ FR_BREADCRUMBS: 'fetch\n' }, 'FR_BREADCRUMBS "fetch\\n" names others', 'left out'],
  ])(
    '%j leaves the program as it is, and is told of in one line, by doctor and by status',
    async (env, line, advice) => {
      expect(await host(env)).toEqual(bare);
      expect(saidByUs(await host({ ...env, FR_DEBUG: '1' }))).toEqual(
        line === undefined ? [] : [expect.stringContaining(line)],
      );
      const doctor = await command('doctor', env);
      expect(doctor.stdout.split('\n').filter((each) => each.startsWith('BAD'))).toEqual(
        advice === undefined ? [] : expect.arrayContaining([expect.stringContaining(advice)]),
      );
      if (!('FR_CONSENT' in env) && advice !== undefined)
        expect((await command('status', env)).stdout).toContain(advice);
    },
  );
});

describe('a server that is none', () => {
  it.each<[string, (response: ServerResponse) => unknown, string]>([
    [
      'a page',
      (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Log in</p>'),
      'login page',
    ],
    [
      'a redirect',
      (response) => response.writeHead(302, { location: '/elsewhere' }).end(),
      'set FR_SERVER to where it leads',
    ],
    ['a login', (response) => response.writeHead(401).end(), 'wants a login'],
    ['a fault', (response) => response.writeHead(500).end('oops'), 'its log says why'],
    [
      'nonsense',
      (response) => response.writeHead(200, { 'content-type': 'application/msgpack' }).end('\xc1\xff'),
      'is this a file server',
    ],
    [
      'more than anybody takes',
      (response) => answerWith(response, 6 * 1024 * 1024),
      'more than 4194304 bytes',
    ],
  ])(
    'but answers with %s changes nothing for the program, and doctor says what to do',
    async (_name, answer, advice) => {
      site.intercept = (request, response) => {
        request.resume();
        answer(response);
        return true;
      };
      expect(await host({ FR_DEBUG: '1' })).toEqual(bare);
      expect(await command('deliver', {})).toMatchObject({
        code: 1,
        stdout: expect.stringMatching(/0 settled .*, 1 waiting\nwhat waits stays in the spool: /),
      });
      const doctor = await command('doctor', {});
      expect(doctor.code).toBe(1);
      expect(doctor.stdout).toContain(advice);
      expect((await command('status', {})).stdout).toContain('fr-reporter doctor says what to do');
    },
  );
});

describe('a spool that cannot be used', () => {
  it.each([
    ['where no folder can be made', () => '/proc/fr', 'set FR_SPOOL_DIR to a folder of this user'],
    ['that others may write into', openToAll, 'make it 0700'],
    ['that is a link', linked, 'is a link or no folder'],
  ])('%s leaves the program as it is, and doctor says what to do', async (_name, make, advice) => {
    spool = make();
    expect(await host({})).toEqual(bare);
    expect(saidByUs(await host({ FR_DEBUG: '1' }))).toHaveLength(1);
    expect((await command('doctor', {})).stdout).toContain(advice);
    expect(await command('status', {})).toMatchObject({ code: 1, stderr: expect.stringContaining(spool) });
  });

  it('on a disk that is full leaves the program as it is, and doctor says so; the loss is counted and told when there is room', async ({
    skip,
  }) => {
    const apart = ['--user', '--map-root-user', '--mount'];
    skip(spawnSync('unshare', [...apart, 'true']).status !== 0, 'unshare may not mount anything here');
    const disk = temporaryFolder();
    spool = join(disk, 'spool');
    const script = `mount -t tmpfs -o size=64k tmpfs "$0" || exit 99
      mkdir -m 700 "$0/spool"; cat /dev/zero >"$0/filler" 2>/dev/null; "$@"; echo "ended with $?"
      unset FR_DEBUG; "$1" '${REPORTER}' doctor; "$1" '${REPORTER}' deliver; "$1" '${REPORTER}' status
      rm "$0/filler"; "$1" '${REPORTER}' deliver; "$1" '${REPORTER}' deliver`;
    const command = ['sh', '-c', script, disk, NODE, '--require', REGISTER, HOST];
    const env = environment({ FR_DEBUG: '1', FR_GUARD: 'off' });
    const { code, stdout, stderr } = await started('unshare', [...apart, ...command], env).ended;
    skip(code === 99, 'nothing may be mounted here');
    expect(stdout).toMatch(/ended with 1\n[\s\S]*BAD {2}spool: .*no space is left on its disk; make room/);
    expect(stdout).toContain('1 lost: unwritable\n');
    expect(site.drops).toEqual({ unwritable: 1 });
    expect(stderr).toMatch(/^fr: could not note a failure: ENOSPC.*\n/);
    expect(stderr).toContain('fr-reporter: no space is left for the spool; make room, then try again\n');
  });
});

function openToAll(): string {
  mkdirSync(spool);
  chmodSync(spool, 0o777);
  return spool;
}

function linked(): string {
  mkdirSync(`${spool}-elsewhere`, { mode: 0o700 });
  symlinkSync(`${spool}-elsewhere`, spool);
  return spool;
}

function answerWith(response: ServerResponse, bytes: number): void {
  response.on('error', () => undefined);
  response.writeHead(200, { 'content-type': 'application/msgpack' }).end(Buffer.alloc(bytes, 0x91));
}

function environment(env: Record<string, string | undefined>): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env;
  const given = Object.entries({ FR_SERVER: site.url, FR_KEY: site.token, FR_SPOOL_DIR: spool, ...env });
  return {
    PATH,
    HOME,
    ...Object.fromEntries(given.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
  };
}

/** The program, under which no reporter is launched: what waits must still be there for `status`. */
function host(env: Record<string, string | undefined>): Promise<Ended> {
  return run(['--require', REGISTER, HOST], environment({ FR_GUARD: 'off', ...env }));
}

function command(name: string, env: Record<string, string | undefined>): Promise<Ended> {
  return runReporter([name], environment(env));
}

/** Lines on stderr that the bare program does not say; the rest must be as there. */
function saidByUs({ code, stderr }: Ended): readonly string[] {
  expect(code).toBe(bare.code);
  const lines = stderr.split('\n');
  expect(lines.filter((line) => !line.startsWith('fr: ')).join('\n')).toBe(bare.stderr);
  return lines.filter((line) => line.startsWith('fr: '));
}
