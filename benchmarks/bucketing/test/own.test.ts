import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Case } from '../src/case.ts';
import { readCorpus } from '../src/corpus-file.ts';
import { stacksOf } from '../src/generate/facts.ts';
import { own } from '../src/generate/own/programs.ts';

const { cases, texts } = readCorpus(join(import.meta.dirname, '..', 'corpus'), ['own']);
const faults = own.flatMap((program) => program.faults);

function byFault(): ReadonlyMap<string, readonly Case[]> {
  return Map.groupBy(cases, (one) => one.fault);
}

function hasFrames(one: Case): boolean {
  return stacksOf(one.error).some((stack) => /^ {4}at /m.test(stack));
}

describe('the corpus of our own programs', () => {
  it('has at least 100 faults and 2,500 cases', () => {
    expect(byFault().size).toBeGreaterThanOrEqual(100);
    expect(cases.length).toBeGreaterThanOrEqual(2_500);
  });

  it('has cases of every fault that is listed, and of no other', () => {
    expect([...byFault().keys()].sort()).toEqual(faults.map((fault) => `own/${fault.name}`).sort());
  });

  it('gives every fault a label of its own', () => {
    expect(new Set(faults.map((fault) => fault.name)).size).toBe(faults.length);
  });

  it('tries every fault in eight scopes', () => {
    for (const [fault, ones] of byFault())
      expect([fault, new Set(ones.map((one) => one.scope)).size]).toEqual([fault, 8]);
  });

  it('has frames in every case, unless its fault is known to have none in some Node', () => {
    const frameless = new Set(faults.filter((fault) => fault.frameless).map((fault) => `own/${fault.name}`));
    const without = new Set(cases.filter((one) => !hasFrames(one)).map((one) => one.fault));
    expect([...without].filter((fault) => !frameless.has(fault))).toEqual([]);
  });

  it('says in every case what its fault says', () => {
    const says = new Map(faults.map((fault) => [`own/${fault.name}`, fault.says]));
    const others = cases.filter(
      ({ fault, error }) => !says.get(fault)?.test(`${error.name} ${error.code} ${error.message}`),
    );
    expect(others).toEqual([]);
  });

  it('shows nothing of the folder that it was made in', () => {
    const shown = cases.filter((one) => JSON.stringify(one).includes('own-corpus'));
    expect(shown.map((one) => one.how)).toEqual([]);
    expect([...texts.values()].filter((text) => text.includes('own-corpus'))).toEqual([]);
  });

  it('shows no Linux paths of its programs where it imitates another system', () => {
    const folders = own.map((program) => `/srv/${program.name}/`);
    const moved = cases.filter((one) => one.platform !== 'linux');
    expect(moved.length).toBeGreaterThan(300);
    const left = moved.filter((one) => folders.some((folder) => JSON.stringify(one.error).includes(folder)));
    expect(left.map((one) => one.how)).toEqual([]);
    const windows = moved.filter((one) => one.platform === 'win32');
    const keys = windows.flatMap((one) => [...Object.keys(one.sources), ...Object.keys(one.maps)]);
    expect(keys.filter((key) => key.startsWith('/'))).toEqual([]);
  });

  it('has the text that each case names, or names none for all cases of a fault', () => {
    for (const one of cases)
      for (const name of [...Object.values(one.sources), ...Object.values(one.maps)])
        expect(texts.has(name)).toBe(true);
    for (const [fault, ones] of byFault())
      expect([fault, new Set(ones.map((one) => Object.keys(one.sources).length === 0)).size]).toEqual([
        fault,
        1,
      ]);
  });
});
