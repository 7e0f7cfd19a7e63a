import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { ErrorFacts } from '@fr/bucket';
import { describe, expect, it } from 'vitest';
import type { Case, Scope } from '../src/case.ts';
import { readCorpus } from '../src/corpus-file.ts';
import { stacksOf } from '../src/generate/facts.ts';
import { commonJs } from '../src/npm/common-js.ts';
import { ownFiles } from '../src/npm/own-files.ts';
import { PROGRAMS } from '../src/npm/programs.ts';

const FOLDER = join(import.meta.dirname, '..', 'corpus');
const { cases, texts } = readCorpus(FOLDER, ['npm']);
const byFault = Map.groupBy(cases, (one) => one.fault);

const SCOPES: readonly Scope[] = [
  'node-version',
  'install-path',
  'package-manager',
  'module-format',
  'message-data',
  'caller',
  'module-version',
  'program-version',
  'stack-limit',
  'operating-system',
];

/** Names of packages that a case's stacks pass through. */
function modulesSeen(one: Case): readonly string[] {
  const stacks = stacksOf(one.error).join('\n').replaceAll('\\', '/');
  const names = stacks.matchAll(/node_modules\/((?:@[\w.-]+\/)?[\w-][\w.-]*)\//g);
  return [...names].map(([, name]) => name ?? '');
}

/** What a fault fails with, wherever it fails. */
function kindOf({ name, code }: ErrorFacts): string {
  return `${name} ${code}`;
}

describe('the npm collection', () => {
  it('has many faults, cases and packages, and is small', () => {
    expect(byFault.size).toBeGreaterThanOrEqual(35);
    expect(cases.length).toBeGreaterThanOrEqual(900);
    expect(new Set(cases.flatMap(modulesSeen)).size).toBeGreaterThanOrEqual(60);
    const bytes = ['cases', 'texts'].map((name) => statSync(join(FOLDER, 'npm', `${name}.ndjson.gz`)).size);
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(1_500_000);
  });

  it('labels every fault that the programs know, and no other', async () => {
    const known: string[] = [];
    for (const { name } of PROGRAMS) {
      const inputs = (await import(`../../faults/npm/${name}/inputs.mjs`)) as {
        faults: Record<string, unknown>;
      };
      known.push(...Object.keys(inputs.faults).map((fault) => `npm/${fault}`));
    }
    expect([...byFault.keys()].sort()).toEqual(known.sort());
  });

  it('meets every fault in every scope, at least twice', () => {
    const thin = [...byFault].flatMap(([fault, met]) =>
      SCOPES.filter((scope) => met.filter((one) => one.scope === scope).length < 2).map(
        (scope) => `${fault} ${scope}`,
      ),
    );
    expect(thin).toEqual([]);
  });

  it('fails with one class and code per fault on one Node and one set of packages', () => {
    const mixed = [...byFault].flatMap(([fault, met]) => {
      const kinds = new Set(
        met.filter((one) => /node 24.*older packages/.test(one.how)).map((one) => kindOf(one.error)),
      );
      return kinds.size === 1 ? [] : [`${fault}: ${[...kinds].join(' | ')}`];
    });
    expect(mixed).toEqual([]);
  });

  it('keeps only our own texts, and each that a case names', () => {
    const own = new Set<string>();
    for (const program of PROGRAMS)
      for (const format of ['esm', 'cjs', 'dist'] as const)
        for (const version of ['1.0.0', '1.1.0', '1.2.0'] as const)
          for (const set of ['older', 'newer'] as const)
            for (const text of ownFiles(program, { format, version, set }).files.values()) own.add(text);
    expect([...texts.values()].filter((text) => !own.has(text))).toEqual([]);
    const named = new Set(cases.flatMap((one) => Object.values(one.sources)));
    expect([...named].sort()).toEqual([...texts.keys()].sort());
  });

  it('keys sources as stacks print them', () => {
    const strange = cases.flatMap((one) => {
      const stacks = stacksOf(one.error).join('\n');
      return Object.keys(one.sources).filter(
        (file) => !file.endsWith('package.json') && !stacks.includes(`${file}:`),
      );
    });
    expect(strange).toEqual([]);
  });

  it('shows neither this machine nor its folders', () => {
    const packed = readFileSync(join(FOLDER, 'npm', 'cases.ndjson.gz'));
    const text = gunzipSync(packed).toString('utf8');
    expect(text).not.toMatch(/\/tmp\/|fr-corpus|\/work\/|\.parts/);
  });

  it('is made by programs that are there', () => {
    for (const { name } of PROGRAMS)
      expect(existsSync(join(FOLDER, '..', '..', 'faults', 'npm', name))).toBe(true);
  });
});

describe('the CommonJS of a program', () => {
  it('keeps every line where it was', () => {
    const text = "import a, { b as c } from 'x';\nexport async function f() {\n  return a(c);\n}\n";
    expect(commonJs(text)).toBe(
      "'use strict'; const a = require('x'), { b: c } = a;\nasync function f() {\n  return a(c);\n}\nexports.f = f;\n",
    );
  });

  it('is refused for what it does not know', () => {
    expect(() => commonJs("import {\n  a,\n} from 'x';\n")).toThrow('cannot turn into CommonJS');
  });
});
