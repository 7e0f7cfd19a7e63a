import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Case, Scope } from '../src/case.ts';
import { writeCollection } from '../src/corpus-file.ts';
import type { Scorecard } from '../src/score/scorecard.ts';

const SOURCES = join(import.meta.dirname, '..', 'src');
const folder = mkdtempSync(join(tmpdir(), 'score-'));
const corpus = join(folder, 'corpus');

function caseOf(fault: string, scope: Scope, place: string, programVersion = '1.0.0'): Case {
  const stack = `TypeError: x\n    at ${place}\n    at main (/srv/shop/src/main.js:1:1)`;
  return {
    fault: `hand/${fault}`,
    scope,
    how: `by hand, ${place}`,
    program: 'shop',
    programVersion,
    error: { name: 'TypeError', message: 'x', stack },
    sources: {},
    maps: {},
  };
}

function run(program: string, ...args: string[]): { status: number | null; stdout: string } {
  return spawnSync(process.execPath, [join(SOURCES, program), ...args], { encoding: 'utf8' });
}

beforeAll(() => {
  writeCollection(corpus, 'hand', {
    cases: [
      caseOf('price', 'install-path', 'totalOf (/srv/shop/src/price.js:3:14)'),
      caseOf('price', 'install-path', 'totalOf (/opt/shop/src/price.js:3:14)'),
      // The usual run, again in the scope that varies the caller against it.
      caseOf('price', 'caller', 'totalOf (/srv/shop/src/price.js:3:14)'),
      caseOf('price', 'caller', 'sumOf (/srv/shop/src/price.js:8:2)'),
      caseOf('price', 'program-version', 'totalOf (/srv/shop/src/price.js:4:14)', '1.1.0'),
      caseOf('basket', 'caller', 'sumOf (/srv/shop/src/price.js:8:2)'),
      caseOf('basket', 'caller', 'sumOf (/opt/shop/src/price.js:8:2)'),
      caseOf('basket', 'module-version', 'load (/srv/shop/node_modules/yaml/index.js:8:2)'),
    ],
    texts: new Map(),
  });
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('score', () => {
  it('measures every bucketing within a version and across versions', () => {
    const { stdout } = run('score.ts', '--corpus', corpus, '--json');
    const { cases, faults, bucketings, scopes } = JSON.parse(stdout) as Scorecard;
    expect({ cases, faults }).toEqual({ cases: 7, faults: 2 });
    expect(bucketings.length).toBeGreaterThan(6);
    const [fr] = bucketings;
    expect(fr?.bucket).toMatchObject({ cases: 6, faults: 3, buckets: 3, perfectFaults: 1 });
    expect(fr?.bucket.secondBucket).toBeCloseTo(1 / 6);
    expect(fr?.bucket.merge).toBeCloseTo(1 / 6);
    expect(fr?.problem).toMatchObject({ cases: 7, faults: 2, buckets: 3, perfectFaults: 0 });
    expect(scopes.map(({ name }) => name)).toEqual([
      'caller',
      'install-path',
      'module-version',
      'program-version',
    ]);
    expect(scopes.find(({ name }) => name === 'install-path')?.problem.secondBucket).toBe(0);
  });

  it('averages over one scope when told so', () => {
    const { stdout } = run('score.ts', '--corpus', corpus, '--json', '--scope', 'program-version');
    const { cases, bucketings } = JSON.parse(stdout) as Scorecard;
    expect(cases).toBe(1);
    expect(bucketings[0]?.problem.secondBucket).toBe(0);
  });

  it('prints tables', () => {
    const { stdout } = run('score.ts', '--corpus', corpus, 'hand');
    expect(stdout).toContain('7 cases, 2 faults');
    expect(stdout).toMatch(/^\| fr +\|/m);
    expect(stdout).toMatch(/^\| Sentry-like +\|/m);
    expect(stdout).toMatch(/^\| program-version +\|/m);
  });

  it('lists what was lost where', () => {
    const { stdout } = run('score.ts', '--corpus', corpus, '--worst', '5');
    expect(stdout).toContain('hand/price: 1 of 5 cases lost');
    expect(stdout).toContain('also hand/basket (2)');
    expect(stdout).toContain('hand/basket: 1 of 3 cases lost');
    expect(stdout).toContain('Buckets with several faults');
  });

  it('shows which cases a change of the rules moves', () => {
    const old = join(folder, 'old');
    const now = join(folder, 'now');
    run('score.ts', '--corpus', corpus, '--locations', old);
    const text = readFileSync(old, 'utf8');
    writeFileSync(now, text.replaceAll('#sumOf', '#totalOf'));
    const same = run('diff.ts', old, old);
    expect(same.status).toBe(0);
    expect(same.stdout).toContain('0 of 8 cases moved');
    const moved = run('diff.ts', old, now);
    expect(moved.status).toBe(1);
    expect(moved.stdout).toContain('3 of 8 cases moved, in 1 ways');
    expect(moved.stdout).toContain('- price#sumOf!TypeError');
    expect(moved.stdout).toContain('+ price#totalOf!TypeError');
    expect(run('diff.ts', old).status).toBe(2);
  });
});
