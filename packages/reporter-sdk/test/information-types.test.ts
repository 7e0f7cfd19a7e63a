import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  HOSTS,
  NODE,
  run,
  runHost,
  runReporter,
  SLOW_PARENT,
  temporaryFolder,
  until,
} from './support/process.ts';
import { demandFor, type Site, startSite } from './support/site.ts';
import { bucketOfFacts, leaveFailure, spoolState } from './support/spooled.ts';
import { needTool } from './support/tools.ts';

let site: Site;
let folder: string;
let spool: string;
beforeEach(async () => {
  site = await startSite();
  folder = temporaryFolder();
  spool = join(folder, 'spool');
});
afterEach(() => site.close());

describe('files that a program has named', () => {
  it('are read by the reporter when asked for by their names, scrubbed, the log from a whole line on', async () => {
    const orders = join(folder, 'orders.json');
    const log = join(folder, 'till.log');
    writeFileSync(orders, 'order 1\npassword=hunter2\n');
    writeFileSync(log, `${'a line\n'.repeat(20)}password=${'hunter2'.repeat(6)}\nlast line\n`);
    await fails({ FILES: JSON.stringify({ orders: { path: orders } }), LOG: log }, [
      'attachment:orders',
      'log-tail',
    ]);
    const parts: Readonly<Record<string, string>> = site.entries[0]?.parts ?? {};
    expect(parts['attachment:orders']).toMatch(/^order 1\npassword=\[removed/);
    expect(parts['log-tail']).toMatch(/last line\n$/);
    expect(JSON.stringify(site.entries)).not.toContain('hunter2');
  });

  it('begin with a whole line, since the rest of one may be a secret without its key', async () => {
    const file = join(folder, 'till.log');
    writeFileSync(file, `password=${'hunter2'.repeat(50)}\nlast line\n`);
    expect(await delivers(['attachment:log'], { log: { path: file, maxBytes: 100 } })).toEqual({
      'attachment:log': 'last line\n',
    });
    writeFileSync(file, `password=${'hunter2'.repeat(50)}`);
    expect(await delivers(['attachment:log'], { log: { path: file, maxBytes: 100 } })).toEqual({});
  });

  it('are taken whole or not at all where the program has said so', async () => {
    const file = join(folder, 'state');
    writeFileSync(file, '12345\n');
    const whole = { path: file, take: 'whole' as const };
    expect(await delivers(['attachment:state'], { state: { ...whole, maxBytes: 6 } })).toEqual({
      'attachment:state': '12345\n',
    });
    expect(await delivers(['attachment:state'], { state: { ...whole, maxBytes: 5 } })).toEqual({});
    expect(spoolState(spool).receipts.at(-1)?.notSent).toEqual([
      { type: 'attachment:state', why: 'too-large' },
    ]);
  });

  it('yield nothing where the name leads to anything but a regular file with text in it', async (test) => {
    needTool(test, 'mkfifo');
    const canary = join(folder, 'canary');
    writeFileSync(canary, 'the canary sings');
    symlinkSync(canary, join(folder, 'link'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    mkdirSync(join(folder, 'folder'));
    writeFileSync(join(folder, 'binary'), Buffer.from([1, 0, 2]));
    const places = {
      link: join(folder, 'link'),
      pipe: join(folder, 'pipe'),
      folder: join(folder, 'folder'),
      binary: join(folder, 'binary'),
      zero: '/dev/zero',
      random: '/dev/urandom',
      missing: join(folder, 'missing'),
      memory: '/proc/self/mem',
      below: join(canary, 'below'),
    };
    const files = Object.fromEntries(Object.entries(places).map(([name, path]) => [name, { path }]));
    expect(
      await delivers(
        Object.keys(files).map((name) => `attachment:${name}`),
        files,
      ),
    ).toEqual({});
    const { notSent } = spoolState(spool).receipts[0] ?? { notSent: [] };
    expect(
      Object.fromEntries(notSent.map(({ type, why }) => [type.slice('attachment:'.length), why])),
    ).toEqual({
      link: 'not-readable',
      pipe: 'not-a-file',
      folder: 'not-a-file',
      binary: 'not-text',
      zero: 'not-a-file',
      random: 'not-a-file',
      missing: 'nothing-found',
      memory: 'nothing-found',
      below: 'not-readable',
    });
  });

  it('never lead to a file that the program has not named, whatever a demand calls it', async () => {
    const canary = join(folder, 'canary');
    writeFileSync(canary, 'the canary sings');
    const names = ['canary', 'passwd', '__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    const hostile = [
      ...names.map((name) => `attachment:${name}`),
      `attachment:${canary}`,
      `attachment:../canary`,
      'attachment:',
      'attachment:*',
      'x-../../canary',
      canary,
      'constructor',
      '__proto__',
    ];
    for (const type of hostile) {
      const files = { orders: { path: join(folder, 'orders') } };
      const declared = ['stack', 'attachment:orders', type];
      expect(await delivers([type], files, declared)).toEqual({});
    }
    expect(JSON.stringify(site.entries)).not.toContain('sings');
  });

  it('are left alone below the consent level full, and where collect does not name them', async () => {
    const file = join(folder, 'orders');
    writeFileSync(file, 'order 1\n');
    const env = { FILES: JSON.stringify({ orders: { path: file } }) };
    await fails({ ...env, FR_CONSENT: 'standard' }, ['attachment:orders']);
    await fails({ ...env, FR_COLLECT: 'stack' }, ['attachment:orders']);
    expect(site.entries).toEqual([]);
    const why = spoolState(spool).receipts.flatMap(({ notSent }) => notSent.map((each) => each.why));
    expect(why).toEqual(['no-consent', 'not-declared']);
  });

  it('may grow while they are read', async () => {
    const file = join(folder, 'growing');
    writeFileSync(file, 'a line\n');
    const growing = setInterval(() => appendFileSync(file, 'another line\n'.repeat(5_000)), 1);
    try {
      const parts = await delivers(['attachment:growing'], { growing: { path: file, maxBytes: 20_000 } });
      expect(Buffer.byteLength(parts['attachment:growing'] ?? '')).toBeLessThanOrEqual(20_000);
      expect(parts['attachment:growing']).toMatch(/^(a|another) line\n/);
    } finally {
      clearInterval(growing);
    }
  });

  it('are uploaded one at a time where they are heavy', async () => {
    for (const name of ['one', 'two']) writeFileSync(join(folder, name), `${name}\n`.repeat(20_000));
    const files = { one: { path: join(folder, 'one') }, two: { path: join(folder, 'two') } };
    expect(Object.keys(await delivers(['attachment:one', 'attachment:two'], files))).toEqual([
      'attachment:one',
    ]);
    const { notSent } = spoolState(spool).receipts[0] ?? {};
    expect(notSent).toEqual([{ type: 'attachment:two', why: 'one-heavy-at-a-time' }]);
  });
});

describe('a collector of the program’s own', () => {
  it.each([
    ['text', /^three orders wait, password=\[removed/],
    ['tree', /^\{\s+"waiting": 3,\s+"token": "\[removed/],
  ])('gives a %s, which is scrubbed, once it was asked for', async (mode, content) => {
    await fails({ MODE: mode }, ['x-queue']);
    expect(site.entries).toEqual([]);
    await fails({ MODE: mode }, ['x-queue']);
    expect(site.entries[0]?.parts['x-queue']).toMatch(content);
  });

  it('is not called where nobody asks', async () => {
    const first = await fails({ MODE: 'untouched' }, ['environment']);
    const second = await fails({ MODE: 'untouched' }, ['environment']);
    expect([first.stdout, second.stdout]).toEqual(['', '']);
  });

  it.each(['throws', 'loops', 'promises', 'large', 'cyclic'])(
    'that %s changes nothing about how the program ends, and is passed over',
    async (mode) => {
      const bare = await runHost('types/till.mjs', { FR_DISABLED: '1', MODE: mode });
      await fails({ MODE: mode }, ['x-queue', 'environment']);
      expect(await fails({ MODE: mode }, ['x-queue', 'environment'])).toEqual(bare);
      expect(spoolState(spool).receipts.at(-1)?.notSent).toEqual([{ type: 'x-queue', why: 'next-failure' }]);
    },
  );
});

describe('beforeReport', () => {
  it('drops a failure, which is counted', async () => {
    await runHost('types/before-report.mjs', environment({ MODE: 'drops' }));
    await runReporter(['deliver', '--spool', spool], environment());
    expect(site.hits).toEqual([]);
    expect(site.drops).toEqual({ host: 1 });
  });

  it('takes information types away, and is shown what will be written', async () => {
    site.demands = (bucket) => [demandFor(bucket, ['stack', 'environment', 'packages'], site.key)];
    await runHost('types/before-report.mjs', environment({ MODE: 'strips' }));
    await until(() => spoolState(spool).receipts.length === 1, 'settled');
    expect(Object.keys(site.entries[0]?.parts ?? {})).toEqual(['stack']);
    const { stdout } = await runHost('types/before-report.mjs', environment({ MODE: 'sees' }));
    expect(JSON.parse(stdout)).toEqual([true, 'error', 'TypeError', expect.stringContaining('shut')]);
  });

  it.each(['throws', 'loops', 'nonsense'])(
    'that %s changes nothing about how the program ends; the failure is counted, and nothing of it is shown',
    async (mode) => {
      site.demands = (bucket) => [demandFor(bucket, ['stack', 'environment'], site.key)];
      const bare = await runHost('types/before-report.mjs', { FR_DISABLED: '1' });
      expect(await runHost('types/before-report.mjs', environment({ MODE: mode }))).toEqual(bare);
      await until(() => spoolState(spool).receipts.length === 1, 'settled');
      expect(site.hits).toHaveLength(1);
      expect(site.entries).toEqual([]);
    },
  );
});

describe('breadcrumbs', () => {
  it('survive SIGKILL, are scrubbed and are gone once the death is settled', async () => {
    const crumbs = await killed('');
    expect(crumbs).toEqual([
      {
        at: expect.any(Number),
        message: 'opened the till',
        category: 'till',
        data: expect.objectContaining({ drawer: 2 }),
      },
    ]);
    expect(JSON.stringify(crumbs)).not.toContain('hunter2');
    await until(() => leftInRuns().length === 0, 'nothing left behind');
  });

  it('are the last hundred, in their order, after many more', async () => {
    const crumbs = await killed('many');
    const steps = crumbs.map(({ message }) => Number(message.split(' ')[1]));
    expect(steps.at(-1)).toBe(1_000);
    expect(steps).toEqual(steps.map((_, index) => 1_000 - steps.length + 1 + index));
    expect(steps.length).toBeGreaterThan(50);
  });

  it('come from the console and from requests, where the program wants that, without queries', async () => {
    const crumbs = await killed('sources');
    expect(crumbs.map(({ message }) => message.replace(/:\d+\//, ':0/'))).toEqual([
      'low on %s paper [object]',
      expect.stringMatching(/^GET http:\/\/.*\/orders$/),
      expect.stringMatching(/^GET http:\/\/.*\/prices$/),
    ]);
  });

  it('of a program that leaves in good order are gone with it', async () => {
    await runHost('types/trail.mjs', environment({ MODE: 'leaves' }));
    await until(() => leftInRuns().length === 0, 'nothing left behind');
    expect(site.requests).toEqual([]);
  });

  it('are not written where the user does not allow them', async () => {
    site.demands = (bucket) => [demandFor(bucket, ['breadcrumbs'], site.key)];
    await runsTrail({ FR_CONSENT: 'minimal' });
    await until(() => spoolState(spool).receipts.length === 1, 'settled');
    expect(site.entries).toEqual([]);
  });
});

function environment(more: Record<string, string> = {}): Record<string, string> {
  return { FR_SERVER: site.url, FR_KEY: site.token, FR_SPOOL_DIR: spool, ...more };
}

/** Lets the till fail once and waits until that is settled. */
async function fails(env: Record<string, string>, types: readonly string[]): ReturnType<typeof runHost> {
  site.demands = (bucket) => [demandFor(bucket, types, site.key)];
  const before = spoolState(spool).receipts.length;
  const ended = await runHost('types/till.mjs', environment(env));
  await until(() => spoolState(spool).receipts.length > before, 'settled');
  return ended;
}

type Files = NonNullable<Parameters<typeof leaveFailure>[1]>['files'];

/** Delivers a failure of a program that has named these files; what the site was given of it. */
async function delivers(
  types: readonly string[],
  files: Record<string, { path: string; maxBytes?: number; take?: 'tail' | 'whole' }>,
  declared?: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const named = Object.fromEntries(
    Object.entries(files).map(([name, file]) => [`attachment:${name}`, file]),
  ) as unknown as NonNullable<Files>;
  const facts = leaveFailure(spool, {
    consent: 'full',
    declared: declared ?? Object.keys(named),
    files: named,
  });
  site.demands = () => [demandFor(bucketOfFacts(facts), types, site.key, { id: 'd-types' })];
  await runReporter(['deliver', '--spool', spool], environment({ FR_CONSENT: 'full' }));
  return site.entries.find(({ header }) => header.reportId === facts.reportId)?.parts ?? {};
}

interface Crumb {
  readonly message: string;
}

/** Runs the program under a parent that asks late how it ended, so that its guard is never too late to see. */
function runsTrail(env: Record<string, string>): ReturnType<typeof run> {
  const host = ['-C', '@fr/source', join(HOSTS, 'types/trail.mjs')];
  return run([SLOW_PARENT, spool, NODE, ...host], environment(env));
}

/** Breadcrumbs of a program that was killed. */
async function killed(mode: string): Promise<readonly Crumb[]> {
  site.demands = (bucket) => [demandFor(bucket, ['breadcrumbs'], site.key)];
  const ended = await runsTrail({ MODE: mode });
  expect(ended.signal).toBe('SIGKILL');
  await until(() => site.entries.length === 1, 'an entry');
  return JSON.parse(site.entries[0]?.parts['breadcrumbs'] ?? '[]') as readonly Crumb[];
}

function leftInRuns(): readonly string[] {
  return execFileSync('ls', [join(spool, 'runs')], { encoding: 'utf8' })
    .split('\n')
    .filter(Boolean);
}
