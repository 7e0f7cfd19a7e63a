import { bucketId } from '@fr/bucket';
import type { Quota, TypeCount } from '@fr/protocol';
import {
  DEFAULT_POLICY,
  type Decision,
  type DecisionInput,
  decide,
  demandStanding,
  entryStanding,
  type Policy,
  policyRule,
  type StoredDemand,
} from '@fr/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bucket, bucketOf, decisionOn, demandOf, headerOf, id, NOW, storedOf, VENDOR } from './fixture.ts';

function quotasOf(stored: StoredDemand, count?: number): readonly Quota[] {
  const { terms } = stored.demand;
  return terms.types.map((wanted) => ({
    demandId: terms.id,
    bucketId: id,
    type: wanted.type,
    count: count ?? wanted.count,
  }));
}

function inputOf(
  holds: readonly string[],
  demands: readonly StoredDemand[],
  more: Partial<DecisionInput> = {},
): DecisionInput {
  return {
    entry: { header: headerOf(holds), state: 'pending', receipts: [] },
    demands,
    quotas: demands.flatMap((stored) => quotasOf(stored)),
    policy: DEFAULT_POLICY,
    to: VENDOR,
    programs: ['shop'],
    now: NOW,
    ...more,
  };
}

const stack = storedOf(demandOf([{ type: 'stack', count: 1 }]));
const report = storedOf(demandOf([{ type: 'diagnostic-report', count: 1 }], { id: 'd-2' }));
const both = storedOf(
  demandOf(
    [
      { type: 'stack', count: 1 },
      { type: 'diagnostic-report', count: 1 },
    ],
    { id: 'd-3' },
  ),
);
const approved = { ...report, approval: decisionOn(report.demand) };
const denied = { ...report, approval: decisionOn(report.demand, 'denied') };
const stale = { ...report, approval: { ...decisionOn(report.demand), termsHash: '0'.repeat(64) } };
const denyReports: Policy = { ...DEFAULT_POLICY, rules: [{ type: 'diagnostic-report', action: 'deny' }] };
const receipt = { at: 1, to: VENDOR, demands: ['d-1'], types: ['stack'], digest: `sha256:${'0'.repeat(64)}` };
const S = 'stack';
const R = 'diagnostic-report';

type Row = [string, DecisionInput, Decision['verdict'], readonly string[], ReturnType<typeof entryStanding>];
const table: readonly Row[] = [
  ['what is held is what is wanted', inputOf([S], [stack]), 'upload', [S], 'pending'],
  ['more is held than is wanted', inputOf([S, 'environment', R], [stack]), 'upload', [S], 'pending'],
  ['something else is held', inputOf(['environment'], [stack]), 'ask-to-collect', [S], 'pending'],
  ['nothing is held', inputOf([], [stack]), 'ask-to-collect', [S], 'pending'],
  ['nothing is wanted', inputOf([S], []), 'keep', [], 'pending'],
  ['the demand is met', inputOf([S], [stack], { quotas: quotasOf(stack, 0) }), 'keep', [], 'pending'],
  ['there is no quota for the bucket', inputOf([S], [stack], { quotas: [] }), 'keep', [], 'pending'],
  ['it ended', inputOf([S], [stack], { now: NOW + 8 * 86_400_000 }), 'keep', [], 'pending'],
  ['it was closed', inputOf([S], [{ ...stack, closedAt: NOW }]), 'keep', [], 'pending'],
  [
    'another destination asked',
    inputOf([S], [{ ...stack, source: 'https://w.example' }]),
    'keep',
    [],
    'pending',
  ],
  ['the program is not listed', inputOf([S], [stack], { programs: ['till'] }), 'keep', [], 'pending'],
  [
    'a quota speaks of a type the signed terms do not',
    inputOf([R], [stack], { quotas: quotasOf(report).map((quota) => ({ ...quota, demandId: 'd-1' })) }),
    'keep',
    [],
    'pending',
  ],
  ['approval is needed', inputOf([R], [report]), 'await-approval', [R], 'waiting'],
  ['it was approved', inputOf([R], [approved]), 'upload', [R], 'pending'],
  ['it was denied by a person', inputOf([R], [denied]), 'refuse', [R], 'refused'],
  ['other terms were approved', inputOf([R], [stale]), 'await-approval', [R], 'waiting'],
  ['the policy denies', inputOf([R], [report], { policy: denyReports }), 'refuse', [R], 'refused'],
  [
    'the policy denies what a person approved',
    inputOf([R], [approved], { policy: denyReports }),
    'refuse',
    [R],
    'refused',
  ],
  ['one type may go, the other waits', inputOf([S, R], [both]), 'upload', [S], 'pending'],
  ['what is missing would need approval', inputOf([S], [report]), 'keep', [], 'pending'],
  ['what is missing was approved', inputOf([S], [approved]), 'ask-to-collect', [R], 'pending'],
  [
    'the type was sent before',
    inputOf([S], [stack], { entry: { header: headerOf([S]), state: 'pending', receipts: [receipt] } }),
    'keep',
    [],
    'pending',
  ],
  [
    'it is uploaded',
    inputOf([S], [stack], { entry: { header: headerOf([S]), state: 'uploaded', receipts: [receipt] } }),
    'keep',
    [],
    'uploaded',
  ],
];

describe('a decision', () => {
  test.each(table)('when %s', (_, input, verdict, types, standing) => {
    const decision = decide(input);
    expect([decision.verdict, decision.types]).toEqual([verdict, types]);
    expect(decision.reason.length).toBeGreaterThan(10);
    expect(entryStanding(input)).toBe(standing);
  });

  test('names every demand that is behind an upload', () => {
    const input = inputOf([S, R], [stack, approved, both]);
    expect(decide(input)).toMatchObject({ verdict: 'upload', types: [S, R], demands: ['d-1', 'd-2', 'd-3'] });
  });
});

const typeNames = fc.constantFrom(S, 'environment', 'packages', R, 'heap-snapshot', 'x-own', 'unheard-of');
const types: fc.Arbitrary<readonly TypeCount[]> = fc.uniqueArray(
  fc.record({ type: typeNames, count: fc.integer({ min: 1, max: 3 }) }),
  { selector: ({ type }) => type, minLength: 1, maxLength: 4 },
);
const policies: fc.Arbitrary<Policy> = fc
  .array(
    fc.record(
      {
        program: fc.constantFrom('shop', 'sh*', 'till'),
        type: fc.constantFrom('*', S, 'heap-*', R, 'x-*', 'unheard-of'),
        largerThan: fc.constantFrom(0, 50, 10_000),
        action: fc.constantFrom('allow', 'deny', 'ask'),
      },
      { requiredKeys: ['action'] },
    ),
    { maxLength: 4 },
  )
  .map((rules) => ({ version: 1, offer: [], rules }) as Policy);
const demandSets = fc
  .array(fc.tuple(types, fc.constantFrom('none', 'approved', 'denied', 'stale')), { maxLength: 4 })
  .map((all) =>
    all.map(([wanted, decision], index): StoredDemand => {
      const demand = demandOf(wanted, { id: `d-${index}` });
      if (decision === 'none') return storedOf(demand);
      if (decision === 'stale')
        return storedOf(demand, { approval: { ...decisionOn(demand), termsHash: 'x' } });
      return storedOf(demand, { approval: decisionOn(demand, decision as 'approved' | 'denied') });
    }),
  );
const quotaLists = fc.array(
  fc.record({
    demandId: fc.constantFrom('d-0', 'd-1', 'd-2', 'd-9'),
    bucketId: fc.constantFrom(id, bucketId(bucketOf('till'))),
    type: typeNames,
    count: fc.integer({ min: 0, max: 3 }),
  }),
  { maxLength: 12 },
);

test('an upload never carries a type that was not asked for, that the policy denies, or that waits for a person', () => {
  let uploads = 0;
  fc.assert(
    fc.property(
      fc.uniqueArray(typeNames),
      demandSets,
      quotaLists,
      policies,
      (holds, demands, quotas, policy) => {
        const input = inputOf(holds, demands, { quotas, policy });
        const { verdict, types: sent, demands: behind } = decide(input);
        if (verdict !== 'upload') return;
        uploads += 1;
        expect(sent.length).toBeGreaterThan(0);
        for (const type of sent) {
          const bytes = input.entry.header.parts.find((part) => part.type === type)?.bytes;
          expect(holds).toContain(type);
          const { action } = policyRule(policy, { bucket, type, bytes, destination: VENDOR });
          expect(action).not.toBe('deny');
          const backing = demands.filter(
            ({ demand: { terms }, approval }) =>
              behind.includes(terms.id) &&
              terms.types.some((wanted) => wanted.type === type) &&
              quotas.some(
                (q) => q.demandId === terms.id && q.bucketId === id && q.type === type && q.count > 0,
              ) &&
              approval?.decision !== 'denied' &&
              (action === 'allow' || (approval?.decision === 'approved' && approval.termsHash !== 'x')),
          );
          expect(backing.length).toBeGreaterThan(0);
        }
      },
    ),
    { numRuns: 1000 },
  );
  expect(uploads).toBeGreaterThan(20);
});

const heap = demandOf([{ type: 'heap-snapshot', count: 1 }]);
test.each([
  ['open', storedOf(demandOf([{ type: S, count: 1 }])), DEFAULT_POLICY],
  ['waiting', storedOf(heap), DEFAULT_POLICY],
  ['approved', storedOf(heap, { approval: decisionOn(heap) }), DEFAULT_POLICY],
  ['denied', storedOf(heap, { approval: decisionOn(heap, 'denied') }), DEFAULT_POLICY],
  ['waiting', storedOf(heap, { approval: { ...decisionOn(heap), termsHash: 'other' } }), DEFAULT_POLICY],
  [
    'refused',
    storedOf(heap, { approval: decisionOn(heap) }),
    { ...DEFAULT_POLICY, rules: [{ type: 'heap-*', action: 'deny' }] },
  ],
  [
    'open',
    storedOf(heap),
    { ...DEFAULT_POLICY, rules: [{ program: 'shop', type: 'heap-*', action: 'allow' }] },
  ],
  [
    'waiting',
    storedOf(heap),
    { ...DEFAULT_POLICY, rules: [{ program: 'till', type: 'heap-*', action: 'allow' }] },
  ],
  [
    'waiting',
    storedOf(demandOf([{ type: S, count: 1 }])),
    { ...DEFAULT_POLICY, rules: [{ module: 'cart', action: 'ask' }] },
  ],
  ['open', storedOf(heap, { source: 'own' }), DEFAULT_POLICY],
  ['expired', storedOf(demandOf([{ type: S, count: 1 }], { until: NOW })), DEFAULT_POLICY],
  ['closed', storedOf(heap, { closedAt: NOW - 1 }), DEFAULT_POLICY],
] as [string, StoredDemand, Policy][])('a demand stands %s', (state, stored, policy) => {
  expect(demandStanding({ stored, policy, now: NOW }).state).toBe(state);
});

test('for a known bucket a demand stands as the rules say about that bucket', () => {
  const policy: Policy = { ...DEFAULT_POLICY, rules: [{ module: 'cart', action: 'ask' }] };
  const stored = storedOf(demandOf([{ type: S, count: 1 }]));
  expect(demandStanding({ stored, policy, bucket: { ...bucket, module: 'tax' }, now: NOW }).state).toBe(
    'open',
  );
  expect(demandStanding({ stored, policy, bucket, now: NOW }).state).toBe('waiting');
});
