import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BUILT } from './support/built.ts';
import { HOSTS, REGISTER, run, temporaryFolder, until } from './support/process.ts';
import { type Site, startSite } from './support/site.ts';
import { spoolState } from './support/spooled.ts';

/** A program, how it is started and what shall be counted: location and outcome of each hit. */
interface Way {
  readonly args: readonly string[];
  readonly flags?: readonly string[];
  readonly hits: readonly (readonly [location: RegExp, outcome: string])[];
}

const WARNED: Way['hits'] = [
  [/#pay~/, 'survived'],
  [/thrown:/, 'survived'],
  [/thrown:/, 'survived'],
];

const WAYS: readonly Way[] = [
  { args: ['rejections.mjs'], flags: ['--unhandled-rejections=warn'], hits: WARNED },
  { args: ['rejections.mjs'], flags: ['--unhandled-rejections=warn', '--no-warnings'], hits: WARNED },
  { args: ['rejections.mjs'], flags: ['--unhandled-rejections=warn-with-error-code'], hits: WARNED },
  { args: ['rejections.mjs'], flags: ['--unhandled-rejections=strict'], hits: [[/#pay~/, 'fatal']] },
  { args: ['rejections.mjs'], flags: ['--unhandled-rejections=none'], hits: [] },
  { args: ['warns.cjs'], hits: [] },
  { args: ['worker.mjs', 'throws'], hits: [[/#count~/, 'fatal']] },
  { args: ['worker.mjs', 'throws', 'handles'], hits: [[/#count~/, 'survived']] },
  { args: ['worker.mjs', 'throws', 'ignores', 'without'], hits: [[/#count~/, 'fatal']] },
  { args: ['worker.mjs', 'throws', 'handles', 'without'], hits: [[/#count~/, 'survived']] },
  { args: ['worker.mjs', 'text'], hits: [[/thrown:string/, 'fatal']] },
  { args: ['worker.mjs', 'rejects', 'handles'], hits: [[/#count~/, 'survived']] },
  { args: ['worker.mjs', 'memory'], hits: [[/ERR_WORKER_OUT_OF_MEMORY/, 'fatal']] },
  { args: ['worker.mjs', 'memory', 'handles'], hits: [[/ERR_WORKER_OUT_OF_MEMORY/, 'survived']] },
  { args: ['domain.cjs'], hits: [[/#openDrawer~/, 'survived']] },
  { args: ['capture-callback.cjs'], hits: [[/#openDrawer~/, 'survived']] },
  { args: ['cluster.mjs'], hits: [[/#settle~/, 'fatal']] },
  { args: ['child.mjs'], hits: [[/thrown:null/, 'fatal']] },
];

const NOTHING = 'data:text/javascript,';

let site: Site;
let spool: string;
beforeEach(async () => {
  site = await startSite();
  spool = join(temporaryFolder(), 'spool');
});
afterEach(() => site.close());

describe('a failure', () => {
  it.each(WAYS.map((way) => [[...(way.flags ?? []), ...way.args].join(' '), way] as const))(
    '%s runs as without fr, and each failure is one hit',
    async (_name, { args: [name = '', ...args], flags = [], hits }) => {
      const host = join(HOSTS, 'captured', name);
      const bare = await run([...flags, '--import', NOTHING, host, ...args], {});
      const watched = await run([...flags, '--import', REGISTER, host, ...args], env());
      expect(comparable(watched)).toEqual(comparable(bare));
      await until(() => site.hits.length >= hits.length, `${hits.length} hits`);
      await until(() => spoolState(spool).waiting.length === 0, 'everything settled');
      expect(site.hits.map(({ count }) => count)).toEqual(hits.map(() => 1));
      const found = site.hits.map(({ bucket, outcome }) => [bucket.location, outcome]);
      expect(found).toEqual(hits.map(([location, outcome]) => [expect.stringMatching(location), outcome]));
    },
  );

  it('a program that dies for want of file descriptors is reported all the same', async () => {
    const host = join(HOSTS, 'captured/no-descriptors.cjs');
    const bare = await run([host], {});
    expect(await run(['--require', REGISTER, host], env())).toEqual(bare);
    expect(bare.stdout).toBe('EMFILE\n');
    await until(() => site.hits.length === 1, 'one hit');
    expect(site.hits[0]?.bucket.location).toMatch(/#readAll/);
    await until(() => spoolState(spool).waiting.length === 0, 'settled');
  });

  it('a worker may use fr where its main thread does, and nothing keeps either alive', async () => {
    const SDK = join(BUILT, 'index.js');
    const host = join(HOSTS, 'captured/worker-init.mjs');
    const ended = await run([host], { ...env(), SDK });
    expect(ended).toMatchObject({ code: 0, stdout: 'ended with 0\n', stderr: '' });
    await until(() => site.hits.length === 1, 'one hit');
    expect(site.hits[0]).toMatchObject({ count: 1, outcome: 'handled' });
    await until(() => spoolState(spool).waiting.length === 0, 'settled');
  });
});

function env(): Record<string, string> {
  return { FR_SERVER: site.url, FR_KEY: site.token, FR_SPOOL_DIR: spool };
}

/** Warnings begin with the process id; by which of its ports Node hears of a worker's error is chance. */
function comparable<E extends { readonly stderr: string }>(ended: E): E {
  const lines = ended.stderr.replaceAll(/\(node:\d+\)/g, '(node)').split('\n');
  return { ...ended, stderr: lines.filter((line) => !/^ +at .*node:internal/.test(line)).join('\n') };
}
