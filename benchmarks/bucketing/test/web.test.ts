/** The committed collection `web` is whole: checked as it lies there, without browsers. */
import { SourceMap, type SourceMapPayload } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Case, Scope } from '../src/case.ts';
import { readCorpus, textName } from '../src/corpus-file.ts';
import { stacksOf } from '../src/generate/facts.ts';
import { faultsOf, hasSources, needsPage } from '../src/web/faults.ts';

const { cases, texts } = readCorpus(join(import.meta.dirname, '..', 'corpus'), ['web']);
const known = cases.filter((one) => !one.fault.includes('@'));
const unknown = cases.filter((one) => one.fault.includes('@'));

function faultOf(one: Case): string {
  return one.fault.replace(/^web\//, '').replace(/@.*/, '');
}

function stackOf(one: Case): string {
  return stacksOf(one.error).join('\n');
}

test('every fault of both programs is there, and each in several scopes', () => {
  const all = [...faultsOf('shop'), ...faultsOf('service')];
  expect(new Set(known.map(faultOf))).toEqual(new Set(all));
  expect(all.length).toBeGreaterThanOrEqual(80);
  expect(cases.length).toBeGreaterThan(2000);
  for (const fault of all) {
    const scopes = new Set(known.filter((one) => faultOf(one) === fault).map((one) => one.scope));
    expect.soft(scopes.size, fault).toBeGreaterThanOrEqual(5);
  }
});

test('in each scope a fault has at least two cases to be brought together', () => {
  const scopes: readonly Scope[] = [
    ...(['bundle', 'engine', 'message-data', 'caller', 'install-path', 'program-version'] as const),
  ];
  for (const scope of scopes) {
    const counts = new Map<string, number>();
    for (const { fault } of known.filter((one) => one.scope === scope))
      counts.set(fault, (counts.get(fault) ?? 0) + 1);
    expect(counts.size, scope).toBeGreaterThanOrEqual(80);
    for (const [fault, count] of counts) expect.soft(count, `${fault} in ${scope}`).toBeGreaterThan(1);
  }
});

test('three engines of browsers and five runtimes were heard', () => {
  const engines = new Set(cases.map((one) => one.how.split(/ \d/)[0]));
  expect(engines).toEqual(new Set(['Chromium', 'Firefox', 'WebKitGTK', 'Node', 'Bun', 'Deno']));
  for (const one of cases.filter((candidate) => needsPage(faultOf(candidate))))
    expect.soft(one.how).toMatch(/^(Chromium|Firefox|WebKitGTK) /);
});

test('nothing in the facts tells the fault or the machine that made them', () => {
  for (const one of cases) {
    const facts = JSON.stringify({ ...one, fault: '' });
    expect.soft(facts).not.toContain(faultOf(one));
    expect.soft(facts).not.toMatch(/\/tmp\/|\/home\/ci\/|capture-(page|process)|__capture|\/__report/);
  }
});

test('every named text is there, and named by what it says', () => {
  for (const one of cases)
    for (const name of [...Object.values(one.sources), ...Object.values(one.maps)])
      expect.soft(texts.has(name), one.how).toBe(true);
  for (const [name, text] of texts) expect.soft(textName(text)).toBe(name);
});

test('what the host could read is named as its stacks print it', () => {
  for (const one of cases) {
    const stacks = stackOf(one);
    const files = [...Object.keys(one.sources), ...Object.keys(one.maps)];
    for (const file of files.filter((name) => !name.endsWith('/package.json')))
      expect.soft(stacks.includes(`${file}:`) || stacks.includes(`${file} line`), file).toBe(true);
  }
});

test('a case without a map is labelled with its build, one without sources has none at all', () => {
  expect(unknown.length).toBeGreaterThan(100);
  for (const one of unknown) expect.soft(Object.keys(one.maps), one.fault).toEqual([]);
  for (const one of cases.filter((candidate) => !hasSources(faultOf(candidate)))) {
    expect.soft(Object.keys(one.sources)).toEqual([]);
    for (const name of Object.values(one.maps)) expect.soft(contentsOf(mapNamed(name))).toEqual([]);
  }
});

test('maps lead from a frame to a line of the original, and carry only our own texts', () => {
  const mapped = cases.filter((one) => Object.keys(one.maps).length > 0);
  expect(mapped.length).toBeGreaterThan(1000);
  for (const one of mapped) {
    const found = Object.entries(one.maps).flatMap(([file, name]) => originals(stackOf(one), file, name));
    expect.soft(found.length, `${one.fault}: ${one.how}`).toBeGreaterThan(0);
  }
  for (const name of new Set(mapped.flatMap((one) => Object.values(one.maps))))
    for (const source of contentsOf(mapNamed(name)))
      expect.soft(source).not.toMatch(/node_modules\/(?!parcel-size)/);
});

interface Payload extends SourceMapPayload {
  readonly sections?: readonly { readonly map: SourceMapPayload }[];
}

function mapNamed(name: string): Payload {
  return JSON.parse(texts.get(name) ?? '') as Payload;
}

/** The sources that a map brings along. */
function contentsOf(map: Payload): readonly string[] {
  const maps = map.sections?.map((section) => section.map) ?? [map];
  return maps.flatMap((one) =>
    one.sources.filter((_, index) => (one.sourcesContent?.[index] ?? null) !== null),
  );
}

const decodedMaps = new Map<string, SourceMap>();

/** Where a file's frames come from. */
function originals(stack: string, file: string, map: string): readonly string[] {
  const decoded = decodedMaps.get(map) ?? new SourceMap(mapNamed(map));
  decodedMaps.set(map, decoded);
  return stack.split(`${file}:`).flatMap((behind) => {
    const [, line, column] = /^(\d+):(\d+)/.exec(behind) ?? [];
    if (line === undefined) return [];
    const entry = decoded.findEntry(Number(line) - 1, Number(column) - 1);
    return 'originalSource' in entry ? [entry.originalSource] : [];
  });
}
