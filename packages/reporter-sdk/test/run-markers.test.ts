import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { uuidv7 } from '@fr/protocol/ids';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownLife } from '../src/guard/life.ts';
import type { RunMarker } from '../src/guard/run-marker.ts';
import { isQuiet } from './support/deaths.ts';
import { HOSTS, runReporter, runWatched, temporaryFolder, until } from './support/process.ts';
import { type Site, startSite } from './support/site.ts';
import { leaveFailure, namesIn } from './support/spooled.ts';

let site: Site;
let spool: string;
beforeEach(async () => {
  site = await startSite();
  spool = join(temporaryFolder(), 'spool');
});
afterEach(() => site.close());

const GONE = { pid: 4_194_303, started: '1' };

describe('a program that vanished without anybody watching', () => {
  it('is found by the next start', async () => {
    await runWatched(
      [join(HOSTS, 'deaths/signal.cjs'), 'SIGKILL'],
      { ...env(), FR_GUARD: 'off' },
      '--require',
    );
    expect(site.hits).toEqual([]);
    expect(namesIn(spool, 'runs')).toHaveLength(1);
    await runWatched([join(HOSTS, 'deaths/nothing.cjs')], { ...env(), FR_GUARD: 'off' }, '--require');
    await until(() => isQuiet(spool), 'settled');
    expect(site.hits).toMatchObject([
      { count: 1, outcome: 'unknown', bucket: { program: '@fr/reporter-sdk', location: 'signal:unknown' } },
    ]);
  });

  it('is found by hand without any settings, once', async () => {
    putMarker({});
    expect(await deliver()).toMatchObject({ settled: 1, waiting: 0 });
    expect(await deliver()).toMatchObject({ settled: 0, waiting: 0 });
    expect(site.hits).toMatchObject([{ count: 1, outcome: 'unknown', bucket: { program: 'till' } }]);
    expect(isQuiet(spool)).toBe(true);
  });

  it('is no failure where the machine was stopped, where it said goodbye, or where it was wanted', async () => {
    putMarker({ boot: 'another' });
    putMarker({}, 'left');
    writeFileSync(evidence(putMarker({})), '15\n');
    writeFileSync(evidence(putMarker({})), '0\n');
    writeFileSync(evidence(putMarker({})), 'alive\n');
    expect(await deliver()).toMatchObject({ settled: 0, waiting: 0 });
    expect(site.requests).toEqual([]);
    expect(isQuiet(spool)).toBe(true);
  });

  it('is what whoever saw its end says', async () => {
    writeFileSync(evidence(putMarker({})), '139\n');
    writeFileSync(evidence(putMarker({})), '768\n');
    await deliver();
    expect(site.hits.map(({ bucket, outcome }) => [bucket.location, outcome]).sort()).toEqual([
      ['exit:3', 'fatal'],
      ['signal:SIGSEGV', 'fatal'],
    ]);
  });

  it('is left alone while it lives, and where nobody here can know', async () => {
    putMarker({ pid: process.pid, started: ownLife().started });
    putMarker({ namespace: 'pid:[1]', machine: 'another' });
    await deliver();
    expect(site.requests).toEqual([]);
    expect(namesIn(spool, 'runs')).toHaveLength(2);
  });

  it('is gone where its container was started again under the same name', async () => {
    const machine = readFileSync('/proc/sys/kernel/hostname', 'utf8').trim();
    putMarker({ namespace: 'pid:[1]', pid: 1, machine });
    await deliver();
    expect(site.hits).toMatchObject([{ outcome: 'unknown', bucket: { location: 'signal:unknown' } }]);
  });

  it('does not report twice what it has told itself, and settles what was open', async () => {
    const dead = putMarker({});
    const fatal = leaveFailure(spool, { life: dead, outcome: 'fatal' });
    writeFileSync(evidence(dead), '256\n');
    const survivor = putMarker({});
    const open = leaveFailure(spool, { life: survivor, outcome: 'unknown', at: Date.now() - 60_000 });
    writeFileSync(evidence(survivor), '11\n');
    await deliver();
    expect(new Map(site.hits.map((hit) => [hit.reportId, hit.outcome]))).toEqual(
      new Map([
        [fatal.reportId, 'fatal'],
        [open.reportId, 'survived'],
        [survivor, 'fatal'],
      ]),
    );
  });

  it('is one failure where it had noted one that it may have died of, and nobody saw the end', async () => {
    const open = leaveFailure(spool, { life: putMarker({}), outcome: 'unknown' });
    await deliver();
    expect(site.hits.map(({ reportId, outcome }) => [reportId, outcome])).toEqual([
      [open.reportId, 'unknown'],
    ]);
    expect(isQuiet(spool)).toBe(true);
  });

  it('cannot bring a reporter down with a marker that is none', async () => {
    mkdirSync(join(spool, 'runs'), { recursive: true, mode: 0o700 });
    const marker = JSON.parse(readFileSync(`${base(putMarker({}))}.json`, 'utf8')) as RunMarker;
    const broken = ['', '{', '[]', 'null', '{"format":1}', JSON.stringify({ ...marker, life: { pid: '1' } })];
    for (const text of broken) writeFileSync(`${base(uuidv7())}.json`, text);
    writeFileSync(join(spool, 'runs', 'unasked.txt'), '?');
    expect(await deliver()).toMatchObject({ settled: 1, waiting: 0 });
  });
});

function env(): Record<string, string> {
  return { FR_SERVER: site.url, FR_KEY: site.token, FR_SPOOL_DIR: spool };
}

async function deliver(): Promise<unknown> {
  return JSON.parse((await runReporter(['deliver', '--json', '--spool', spool])).stdout);
}

function base(id: string): string {
  return join(spool, 'runs', id);
}

function evidence(id: string): string {
  return `${base(id)}.end`;
}

/** Puts up the marker of a program that is gone; gives its id. */
function putMarker(life: Partial<RunMarker['life']>, ending = 'json'): string {
  mkdirSync(join(spool, 'runs'), { recursive: true, mode: 0o700 });
  const id = uuidv7();
  const marker: RunMarker = {
    format: 1,
    id,
    life: { ...ownLife(), ...GONE, ...life },
    at: Date.now() - 120_000,
    program: 'till',
    version: '2.0.1',
    runtime: 'node 24',
    variables: {},
    consent: 'standard',
    declared: ['stack'],
    server: site.url,
    key: site.token,
  };
  writeFileSync(`${base(id)}.${ending}`, JSON.stringify(marker), { mode: 0o600 });
  return id;
}
