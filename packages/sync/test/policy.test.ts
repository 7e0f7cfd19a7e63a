import { type Bucket, bucketId, problemId } from '@fr/bucket';
import {
  DEFAULT_POLICY,
  explainPolicy,
  mayCollect,
  mayOffer,
  type Policy,
  parsePolicy,
  policyRule,
  sendingSwitchedOff,
  unreachableRules,
} from '@fr/sync';
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
    rule: 'rule 2 (line 5): deny program sh*, module cart, type heap-*',
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

test.each([
  ['>=1.2 <2', '1.2', 'deny'],
  ['>=1.2 <2', '1.2.0', 'deny'],
  ['>=1.2 <2', '1.10.3', 'deny'],
  ['>=1.2 <2', '1.1.9', 'allow'],
  ['>=1.2 <2', '2.0.0', 'allow'],
  ['>=1.2 <2', '2.0.0-rc.1', 'deny'],
  ['>=2', '2.0.0-rc.1', 'allow'],
  ['=1.4', '1.4.0+build.7', 'deny'],
  ['<1 || >=3', '3.1', 'deny'],
  ['<1 || >=3', '2', 'allow'],
  ['1.4.*', '1.4.7', 'deny'],
  ['1.4.*', '1.40.7', 'allow'],
  ['>1.0.0-beta.2', 'v1.0.0-beta.11', 'deny'],
  // Who calls itself something odd does not escape a rule that denies.
  ['>=1.2 <2', 'nightly', 'deny'],
] as const)('a rule about versions %s says to %s: %s', (programVersion, version, action) => {
  const policy: Policy = {
    ...DEFAULT_POLICY,
    rules: [{ type: 'stack', programVersion, action: 'deny' }],
  };
  const asked = { bucket: { ...bucket, programVersion: version }, type: 'stack' };
  expect(policyRule(policy, asked).action).toBe(action);
});

test('a version that cannot be compared profits of no rule that allows', () => {
  const policy: Policy = {
    ...DEFAULT_POLICY,
    rules: [{ programVersion: '>=1', type: 'core', action: 'allow' }],
  };
  const asked = { bucket: { ...bucket, programVersion: 'nightly' }, type: 'core' };
  expect(policyRule(policy, asked)).toEqual({ action: 'ask', rule: 'default for core' });
});

test('rules speak of one bucket, of one problem in all its versions, and of several types at once', () => {
  const policy = policyOf(`
version: 1
rules:
  - { bucket: ${bucketId(bucket)}, type: stack, action: deny }
  - { problem: ${problemId(bucket)}, type: [core, minidump], action: allow }
`);
  const later = { ...bucket, programVersion: '3.0.0' };
  expect(policyRule(policy, { bucket, type: 'stack' }).action).toBe('deny');
  expect(policyRule(policy, { bucket: later, type: 'stack' }).action).toBe('allow');
  expect(policyRule(policy, { bucket: later, type: 'minidump' }).action).toBe('allow');
  expect(policyRule(policy, { bucket: { ...bucket, location: 'x' }, type: 'minidump' }).action).toBe('ask');
});

test('one switch each for collecting and sending, and one for both', () => {
  const states = ['', 'collect: off', 'send: off', 'everything: off', 'everything: false'].map((line) => {
    const policy = policyOf(`version: 1\n${line}\n`);
    return [mayCollect(policy), sendingSwitchedOff(policy)];
  });
  expect(states).toEqual([
    [true, undefined],
    [false, undefined],
    [true, 'send: off'],
    [false, 'everything: off'],
    [false, 'everything: off'],
  ]);
});

test('an explanation says what is still done with what leaves', () => {
  const policy = policyOf(`version: 1
review: entry
caps: { bytesPerDay: 5 MB, entriesPerBucket: 3 }
redact:
  - { type: core, keys: host }
  - { program: shop, keys: [host, user.name], texts: INV-* }
`);
  const asked = { bucket, type: 'stack', destination: 'https://v.example' };
  expect(explainPolicy(policy, asked, ['shop'])).toMatchObject({
    verdict: 'leaves',
    onItsWay: [
      'redaction 2 (line 6) removes keys host, user.name and texts INV-*',
      'somebody looks at each entry (review: entry)',
      'at most 5 MB leave in 24 hours',
      'at most 3 entries of its bucket leave',
    ],
  });
});

test('an explanation names every rule in order: why it does not fit, which one decides, which were not reached', () => {
  const policy = policyOf(`version: 1
offer:
  - { program: shop, to: https://v.example }
rules:
  - { program: bank, action: deny }
  - { type: heap-snapshot, largerThan: 1 MB, action: deny }
  - { type: "*", action: allow }
`);
  const asked = { bucket, type: 'heap-snapshot', bytes: 3_000_000, destination: 'https://v.example' };
  expect(explainPolicy(policy, asked, [])).toEqual({
    type: 'heap-snapshot',
    verdict: 'stays',
    because: 'rule 2 (line 6): deny type heap-snapshot, largerThan 1 MB',
    steps: [
      { what: 'switches', result: 'passed', because: 'sending is on' },
      {
        what: 'offer 1 (line 3)',
        result: 'passed',
        because: '"shop" may be named to https://v.example',
      },
      {
        what: 'rule 1 (line 5): deny program bank',
        result: 'passed',
        because: 'does not fit: program is "shop", the rule says bank',
      },
      {
        what: 'rule 2 (line 6): deny type heap-snapshot, largerThan 1 MB',
        result: 'decides',
        because:
          'type is "heap-snapshot", the rule says heap-snapshot; it has 3 MB, the rule says larger than 1 MB',
      },
      { what: 'rule 3 (line 7): allow type *', result: 'not reached', because: '' },
      { what: 'default for heap-snapshot: ask', result: 'not reached', because: '' },
    ],
    onItsWay: [],
  });
  const elsewhere = { ...asked, destination: 'https://w.example' };
  expect(explainPolicy(policy, elsewhere, [])).toMatchObject({
    verdict: 'stays',
    because: 'offer: "shop" is not listed for https://w.example',
  });
});

const anyBucket = fc.record({
  program: fc.constantFrom('shop', 'till', 'bank'),
  programVersion: fc.constantFrom('1.0', '1.4.2', '2.0.0-rc.1', 'nightly', ''),
  module: fc.constantFrom('cart', 'till'),
  moduleVersion: fc.constant('1'),
  location: fc.constantFrom('a', 'b'),
});
const anyRule = fc.record(
  {
    program: fc.constantFrom('*', 'sh*', 'till', ['bank', 'shop']),
    programVersion: fc.constantFrom('1.*', '>=1.2 <2', '<1 || >=2'),
    module: fc.constantFrom('cart', '*'),
    type: fc.constantFrom('stack', 'heap-*', '*', ['core', 'attachment:*']),
    to: fc.constantFrom('https://v.example', '*'),
    largerThan: fc.constantFrom(0, 1000),
    action: fc.constantFrom('allow', 'ask', 'deny'),
  },
  { requiredKeys: ['action'] },
);
const anyQuestion = fc.record({
  bucket: anyBucket,
  type: fc.constantFrom('stack', 'heap-snapshot', 'core', 'attachment:log', 'x-own', 'mind-reading'),
  bytes: fc.constantFrom(undefined, 0, 1000, 1001),
  destination: fc.constantFrom('https://v.example', 'https://w.example'),
});

test('the explanation and the ruling never differ, and what stands behind a rule that fits changes nothing', () => {
  const verdicts = { allow: 'leaves', ask: 'asks', deny: 'stays' };
  fc.assert(
    fc.property(fc.array(anyRule, { maxLength: 5 }), anyRule, anyQuestion, (rules, more, question) => {
      const policy: Policy = { ...DEFAULT_POLICY, rules };
      const { action, rule } = policyRule(policy, question);
      const explained = explainPolicy(policy, question, ['*']);
      expect([explained.verdict, explained.because]).toEqual([verdicts[action], rule]);
      const decides = explained.steps.findIndex(({ result }) => result === 'decides');
      expect(explained.steps.slice(decides + 1).every(({ result }) => result === 'not reached')).toBe(true);
      if (!rule.startsWith('default')) {
        expect(policyRule({ ...policy, rules: [...rules, more] }, question).action).toBe(action);
      }
    }),
    { numRuns: 1_000 },
  );
});

test('a rule said to be out of reach never decides', () => {
  fc.assert(
    fc.property(fc.array(anyRule, { maxLength: 6 }), anyQuestion, (rules, question) => {
      const { rule } = policyRule({ ...DEFAULT_POLICY, rules }, question);
      for (const { rule: number } of unreachableRules(rules)) {
        expect(rule.startsWith(`rule ${number}:`)).toBe(false);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('of two versions that can be compared one is not less, not both are, and order is carried on', () => {
  const piece = fc.constantFrom('0', '1', '2', '10', 'rc', 'beta');
  const version = fc
    .tuple(fc.constantFrom('0', '1', '2', '10'), fc.array(piece, { maxLength: 3 }), fc.constantFrom('.', '-'))
    .map(([first, rest, mark]) => [first, ...rest].join(mark));
  const holds = (range: string, programVersion: string): boolean => {
    const rules = [{ programVersion: range, type: 'core', action: 'allow' }] as const;
    const asked = { bucket: { ...bucket, programVersion }, type: 'core' };
    return policyRule({ ...DEFAULT_POLICY, rules }, asked).action === 'allow';
  };
  fc.assert(
    fc.property(version, version, version, (a, b, c) => {
      expect(holds(`<${b}`, a)).toBe(!holds(`>=${b}`, a));
      expect(holds(`<=${b}`, a)).toBe(holds(`>=${a}`, b));
      expect(holds(`=${b}`, a)).toBe(holds(`>=${b} <=${b}`, a));
      if (holds(`<=${b}`, a) && holds(`<=${c}`, b)) expect(holds(`<=${c}`, a)).toBe(true);
    }),
    { numRuns: 500 },
  );
});
