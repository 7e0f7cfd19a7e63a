import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isQuiet } from './support/deaths.ts';
import { type Ended, HOSTS, NODE, REGISTER, runReporter, temporaryFolder, until } from './support/process.ts';
import { demandFor, type Site, startSite } from './support/site.ts';

let site: Site;
let spool: string;
beforeEach(async () => {
  site = await startSite();
  spool = join(temporaryFolder(), 'spool');
});
afterEach(() => site.close());

describe('a program that fr-reporter runs', () => {
  it('is reported with its last lines on stderr where consent and site allow it', async () => {
    site.demands = (bucket) => [demandFor(bucket, ['log-tail'], site.key)];
    const script =
      'printf "one\\n\\377two" >&2; printf "out" ; printf "\\nlast: password=hunter2\\n" >&2; kill -SEGV $$';
    const ended = await supervise(['sh', '-c', script], { FR_CONSENT: 'full' });
    expect(ended).toEqual({
      code: null,
      signal: 'SIGSEGV',
      stdout: 'out',
      stderr: 'one\n\ufffdtwo\nlast: password=hunter2\n',
    });
    await until(() => isQuiet(spool), 'settled');
    expect(site.hits).toMatchObject([{ count: 1, bucket: { location: 'signal:SIGSEGV' } }]);
    const [tail] = site.entries.map(({ parts }) => parts['log-tail']);
    expect(tail).toMatch(/^one\n.*two\nlast: /);
    expect(tail).not.toContain('hunter2');
  });

  it('passes through more than is kept, whole, and keeps whole lines only', async () => {
    site.demands = (bucket) => [demandFor(bucket, ['log-tail'], site.key)];
    const script =
      'for (let n = 0; n < 30_000; n++) process.stderr.write("line " + n + "\\n"); process.exitCode = 3';
    const ended = await supervise([NODE, '-e', script], { FR_CONSENT: 'full' });
    const whole = Array.from({ length: 30_000 }, (_, n) => `line ${n}\n`).join('');
    expect(ended).toEqual({ code: 3, signal: null, stdout: '', stderr: whole });
    await until(() => isQuiet(spool), 'settled');
    const [tail = ''] = site.entries.map(({ parts }) => parts['log-tail']);
    expect(tail.length).toBeGreaterThan(32_000);
    expect(tail).toMatch(/^line \d+\n/);
    expect(whole.endsWith(tail)).toBe(true);
  });

  it('keeps no lines below full consent', async () => {
    site.demands = (bucket) => [demandFor(bucket, ['log-tail'], site.key)];
    await supervise(['sh', '-c', 'echo secret >&2; exit 3'], {});
    await until(() => isQuiet(spool), 'settled');
    expect(site.hits).toHaveLength(1);
    expect(site.entries).toEqual([]);
  });

  it.each([
    ['signal.cjs', ['SIGSEGV'], 'signal:SIGSEGV'],
    ['abort.cjs', [], 'signal:SIGABRT'],
    ['really-exit.cjs', ['3'], 'exit:3'],
    ['exit.cjs', ['4'], 'exit:4'],
    ['unsettled.mjs', [], 'exit:13'],
    ['../undefined-property.cjs', [], expect.stringMatching(/#total~/)],
    ['exit.cjs', ['0'], undefined],
    ['signal.cjs', ['SIGTERM'], undefined],
  ])('and has fr in itself is one hit: %s %j', async (name, args, location) => {
    const program = [NODE, '--import', REGISTER, join(HOSTS, 'deaths', name), ...args];
    await supervise(program, { FR_CONSENT: 'full' });
    await until(() => isQuiet(spool), 'settled');
    expect(site.hits.map(({ bucket, count }) => [bucket.location, count])).toEqual(
      location === undefined ? [] : [[location, 1]],
    );
  });

  it('is waited for with FR_EXIT_WAIT until its failure is settled', async () => {
    await supervise(['sh', '-c', 'exit 3'], { FR_EXIT_WAIT: '10s' });
    expect(site.hits).toMatchObject([{ bucket: { location: 'exit:3' } }]);
  });
});

function supervise(command: readonly string[], env: Record<string, string>): Promise<Ended> {
  return runReporter(['run', '--', ...command], {
    FR_SERVER: site.url,
    FR_KEY: site.token,
    FR_SPOOL_DIR: spool,
    FR_PROGRAM: 'job',
    FR_VERSION: '3',
    ...env,
  });
}
