import type { Bucket } from '@fr/bucket';
import { DEFAULT_POLICY, mayOffer, type Policy, parsePolicy, policyRule } from '@fr/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const bucket: Bucket = {
  program: 'shop',
  programVersion: '2.1.0',
  module: 'cart',
  moduleVersion: '1.0.0',
  location: 'cart.js#total~3',
};

function policyOf(text: string): Policy {
  const parsed = parsePolicy(text);
  if ('error' in parsed) throw new Error(JSON.stringify(parsed.error));
  return parsed.policy;
}

function errorOf(text: string) {
  const parsed = parsePolicy(text);
  if ('policy' in parsed) throw new Error('it parsed');
  return parsed.error;
}

test.each([
  ['stack', 'allow'],
  ['environment', 'allow'],
  ['packages', 'ask'],
  ['heap-snapshot', 'ask'],
  ['attachment:app-log', 'ask'],
  ['x-cart', 'ask'],
  ['mind-reading', 'deny'],
] as const)('without a rule, %s is %s', (type, action) => {
  expect(policyRule(DEFAULT_POLICY, { bucket, type }).action).toBe(action);
});

test('the first rule that fits decides and is named', () => {
  const policy = policyOf(`
version: 1
rules:
  - { program: bank, action: deny }
  - { program: "sh*", module: cart, type: "heap-*", action: deny }
  - { type: "*", action: allow }
`);
  expect(policyRule(policy, { bucket, type: 'heap-snapshot' })).toEqual({
    action: 'deny',
    rule: 'rule 2: deny program sh*, module cart, type heap-*',
  });
  expect(policyRule(policy, { bucket, type: 'core' }).action).toBe('allow');
});

test('a rule about size fits only what is known to be larger', () => {
  const policy = policyOf('version: 1\nrules:\n- {type: stack, largerThan: 1000, action: deny}\n');
  expect(policyRule(policy, { bucket, type: 'stack', bytes: 1001 }).action).toBe('deny');
  expect(policyRule(policy, { bucket, type: 'stack', bytes: 1000 }).action).toBe('allow');
  expect(policyRule(policy, { bucket, type: 'stack' }).action).toBe('allow');
});

test('a rule about a destination says nothing about others or about collecting', () => {
  const policy = policyOf('version: 1\nrules:\n- {to: "https://a.*", action: deny}\n');
  expect(policyRule(policy, { bucket, type: 'stack', destination: 'https://a.example' }).action).toBe('deny');
  expect(policyRule(policy, { bucket, type: 'stack', destination: 'https://b.example' }).action).toBe(
    'allow',
  );
  expect(policyRule(policy, { bucket, type: 'stack' }).action).toBe('allow');
});

test('only programs named on the command line or in the policy may be spoken of, each to its destination', () => {
  const policy = policyOf(
    'version: 1\noffer:\n- program: till\n  to: https://v.example\n- program: kiosk-*\n',
  );
  expect(mayOffer(DEFAULT_POLICY, 'shop', 'https://v.example', [])).toBe(false);
  expect(mayOffer(DEFAULT_POLICY, 'shop', 'https://v.example', ['shop'])).toBe(true);
  expect(mayOffer(policy, 'shop-secret', 'https://v.example', ['shop'])).toBe(false);
  expect(mayOffer(policy, 'till', 'https://v.example', [])).toBe(true);
  expect(mayOffer(policy, 'till', 'https://w.example', [])).toBe(false);
  expect(mayOffer(policy, 'kiosk-3', 'https://w.example', [])).toBe(true);
});

test('an empty file is the default policy, and a version that looks like a number stays as it was written', () => {
  expect(policyOf('')).toEqual(DEFAULT_POLICY);
  expect(policyOf('# nothing yet\n')).toEqual(DEFAULT_POLICY);
  expect(policyOf('version: 1\nrules:\n- {programVersion: 1.10, action: deny}\n').rules).toEqual([
    { programVersion: '1.10', action: 'deny' },
  ]);
});

test.each([
  ['version: 1\nruels: []\n', 2, 1, 'rules'],
  ['version: 1\nrules:\n  - type: stack\n    action: alow\n', 4, 13, 'allow'],
  ['version: 1\nrules:\n  - type: heapsnapshot\n    action: ask\n', 3, 11, 'heap-snapshot'],
  ['version: 1\nrules:\n  - programm: a\n    action: ask\n', 3, 5, 'program'],
  ['version: 2\n', 1, 10, undefined],
  ['rules: []\n', 1, 1, undefined],
  ['version: 1\nrules:\n  - type: stack\n', 3, 5, undefined],
  ['version: 1\nrules: everything\n', 2, 8, undefined],
  ['version: 1\nrules: [\n', 3, 1, undefined],
  ['version: 1\nversion: 1\n', 2, 1, undefined],
  ['version: 1\noffer: [{program: &a shop, to: *a}]\n', 2, 32, undefined],
])('a mistake is named with its place and the nearest word: %j', (text, line, column, nearest) => {
  const error = errorOf(text);
  expect([error.line, error.column, error.nearest]).toEqual([line, column, nearest]);
  if (nearest) expect(error.message).toContain(nearest);
});

test('whatever the text, parsing answers with a policy or an error and does not throw', () => {
  const words = fc.constantFrom(
    'version: 1\n',
    'rules:\n',
    '- ',
    'type',
    ': ',
    'stack',
    '\n',
    '{',
    '[',
    '*a',
    '&a ',
    '? ',
    '!!',
    '"',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(words).map((all) => all.join('')),
      ),
      (text) => {
        const parsed = parsePolicy(text);
        expect('policy' in parsed !== 'error' in parsed).toBe(true);
      },
    ),
    { numRuns: 500 },
  );
});
