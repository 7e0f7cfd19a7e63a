import { describe, expect, it } from 'vitest';
import { runCampaign } from '../src/fuzz/campaign.ts';
import type { Check } from '../src/fuzz/check/check.ts';
import { roundOf } from '../src/fuzz/checks.ts';
import { shrunk } from '../src/fuzz/shrink.ts';
import type { Specimen } from '../src/fuzz/specimen.ts';
import { failureFrom, sizeOf } from '../src/fuzz/specimen.ts';
import { tried } from '../src/fuzz/trial.ts';

function specimenOf(stack: string): Specimen {
  const failure = { kind: 'error', program: 'shop', error: { name: 'E', stack } };
  return { failure, sources: { 'a.js': 'x'.repeat(500) }, maps: {}, mapsAs: 'text', more: {} };
}

const noBang: Check = {
  name: 'no exclamation mark',
  make: () => specimenOf('!'),
  complaint: (specimen) => {
    const failure = failureFrom(specimen);
    const text = failure.kind === 'error' ? String(failure.error.stack) : '';
    return text.includes('!') ? `exclamation mark: ${text}` : undefined;
  },
};

describe('fuzzer', () => {
  it('makes the same input from the same seed and round', () => {
    for (let round = 0; round < 50; round++) {
      const [one, other] = [roundOf(7, round, []), roundOf(7, round, [])];
      expect(one).toEqual(other);
    }
    expect(roundOf(7, 1, [])).not.toEqual(roundOf(8, 1, []));
  });

  it('finds a small input that breaks the same promise', () => {
    const failing = specimenOf(`Error: long\n${'    at f (a.js:1:2)\n'.repeat(40)}    at g! (b.js:1:2)`);
    const { complaint = '' } = tried(noBang, failing);
    expect(complaint).toMatch(/^exclamation mark: Error: long/);
    const smallest = shrunk(noBang, failing, complaint);
    expect(failureFrom(smallest)).toMatchObject({ error: { stack: '!' } });
    expect(sizeOf(smallest)).toBeLessThan(60);
  });

  it('takes what is thrown for a broken promise', () => {
    const throwing: Check = { ...noBang, complaint: () => JSON.parse('{') };
    expect(tried(throwing, specimenOf('')).complaint).toMatch(/^SyntaxError thrown: /);
  });

  it('breaks nothing in a few hundred rounds', () => {
    const findings: unknown[] = [];
    const order = { seed: 3, firstRound: 0, rounds: 400, ms: Number.POSITIVE_INFINITY };
    const { rounds } = runCampaign(
      order,
      [],
      () => undefined,
      (finding) => findings.push(finding),
    );
    expect(rounds).toBe(400);
    expect(findings).toEqual([]);
  });
});
