import { readFile } from 'node:fs/promises';
import { DEFAULT_POLICY, type Policy, parsePolicy, policySchema } from '@fr/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { obeysSchema } from './json-schema.ts';

function policyOf(text: string): Policy {
  const parsed = parsePolicy(text);
  if ('error' in parsed) throw new Error(JSON.stringify(parsed.errors));
  return parsed.policy;
}

function errorOf(text: string) {
  const parsed = parsePolicy(text);
  if ('policy' in parsed) throw new Error('it parsed');
  return parsed.error;
}

test('a whole policy is read, sizes and versions as they were written, each rule with its line', () => {
  const text = `# yaml-language-server: $schema=./policy.schema.json
version: 1
send: on
review: entry
offer:
  - program: [till, "kiosk-*"]
    to: https://vendor.example:8443
rules:
  - { programVersion: 1.10, action: deny }
  - type: attachment:*
    largerThan: 64 KiB
    action: ask
redact:
  - { type: environment, keys: [HOSTNAME, user.name], texts: "INV-*" }
caps: { bytesPerDay: 50MB, entriesPerBucket: 5, entryBytes: 1000000 }
`;
  expect(policyOf(text)).toEqual({
    version: 1,
    send: 'on',
    review: 'entry',
    offer: [{ program: ['till', 'kiosk-*'], to: 'https://vendor.example:8443', line: 6 }],
    rules: [
      { programVersion: '1.10', action: 'deny', line: 9 },
      { type: 'attachment:*', largerThan: 65_536, action: 'ask', line: 10 },
    ],
    redact: [{ type: 'environment', keys: ['HOSTNAME', 'user.name'], texts: 'INV-*', line: 14 }],
    caps: { bytesPerDay: 50_000_000, entriesPerBucket: 5, entryBytes: 1_000_000 },
  });
  expect(policyOf('version: 1\n')).toEqual(DEFAULT_POLICY);
  expect(policyOf('version: 1\noffer:\nrules:\n')).toEqual(DEFAULT_POLICY);
});

test.each([
  ['', 1, 1, undefined, 'empty'],
  ['# nothing yet\n', 1, 1, undefined, 'empty'],
  ['version: 1\nruels: []\n', 2, 1, 'rules', 'has no "ruels"'],
  ['version: 1\nrules:\n  - type: stack\n    action: alow\n', 4, 13, 'allow', 'allow, deny, ask'],
  [
    'version: 1\nrules:\n  - type: heapsnapshot\n    action: ask\n',
    3,
    11,
    'heap-snapshot',
    'information type',
  ],
  ['version: 1\nrules:\n  - type: heap_*\n    action: ask\n', 3, 11, undefined, 'fits no information type'],
  ['version: 1\nrules:\n  - programm: a\n    action: ask\n', 3, 5, 'program', 'a rule has no'],
  ['version: 1\nrules:\n  - to: vendor.example\n    action: deny\n', 3, 9, undefined, 'https://HOST'],
  [
    'version: 1\nrules:\n  - to: https://vendor.example/\n    action: deny\n',
    3,
    9,
    undefined,
    'without a path',
  ],
  ['version: 1\nrules:\n  - programVersion: "> 1 x"\n    action: ask\n', 3, 21, undefined, 'no range'],
  ['version: 1\nrules:\n  - bucket: b123\n    action: ask\n', 3, 13, undefined, 'id of a bucket'],
  ['version: 1\nrules:\n  - largerThan: 3 MX\n    action: ask\n', 3, 17, undefined, '64 KiB'],
  ['version: 1\nsend: of\n', 2, 7, 'off', 'neither on nor off'],
  ['version: 1\nreview: entrie\n', 2, 9, 'entry', 'kind of review'],
  ['version: 1\nredact:\n  - type: stack\n', 3, 5, undefined, '"keys" or "texts"'],
  ['version: 1\nredact:\n  - texts: [a*b*c]\n', 3, 13, undefined, 'at the beginning or the end'],
  ['version: 1\nredact:\n  - texts: [471123]\n', 3, 13, undefined, 'in quotes'],
  ['version: 1\ncaps: { entriesPerBucket: few }\n', 2, 27, undefined, 'whole number'],
  ['version: 2\n', 1, 10, undefined, 'version: 1'],
  ['rules: []\n', 1, 1, undefined, 'version: 1'],
  ['version: 1\nrules:\n  - type: stack\n', 3, 5, undefined, 'a rule has an "action"'],
  ['version: 1\nrules: everything\n', 2, 8, undefined, 'a list'],
  ['version: 1\nrules: [\n', 3, 1, undefined, ''],
  ['version: 1\nversion: 1\n', 2, 1, undefined, 'unique'],
  ['version: 1\noffer: [{program: &a shop, to: *a}]\n', 2, 32, undefined, 'write the value out'],
])('a mistake is named with its place and the nearest word: %j', (text, line, column, nearest, words) => {
  const error = errorOf(text);
  expect([error.line, error.column, error.nearest]).toEqual([line, column, nearest]);
  expect(error.message).toContain(nearest === undefined ? words : `did you mean "${nearest}"?`);
  expect(error.message).toContain(words);
});

test('all mistakes of a file are named, in its order', () => {
  const parsed = parsePolicy(
    'version: 1\nsend: of\nrules:\n  - { tpye: core, action: alow }\n  - { action: ask }\n',
  );
  expect('errors' in parsed && parsed.errors.map(({ line, nearest }) => [line, nearest])).toEqual([
    [2, 'off'],
    [4, 'type'],
    [4, 'allow'],
  ]);
});

test('whatever the text, parsing answers with a policy or an error and does not throw', () => {
  const words = fc.constantFrom(
    ...[
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
    ],
    ...['everything: ', 'off', 'texts: ', '<<: ', '|\n', '---\n', 'null', '0x1f'],
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

test('the published schema is the one the parser reads by', async () => {
  const published = await readFile(new URL('../policy.schema.json', import.meta.url), 'utf8');
  expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(policySchema())));
});

/** Values of which some are right in some places; YAML reads JSON, so the same document goes to both. */
const value = fc.constantFrom<unknown>(
  ...[
    'on',
    'off',
    'entry',
    'none',
    'allow',
    'alow',
    'stack',
    'stak',
    'heap-*',
    'attachment:log',
    'x-a',
    'till',
  ],
  ...[
    'https://v.example',
    'https://v.example/',
    'v.example',
    '>=1.2 <2',
    '>>1',
    '1.4.*',
    '3 MB',
    '3 MX',
    '1.5',
  ],
  ...['a.b', 'a..b', 'INV-*', 'a*b', 'ab', `b${'a'.repeat(26)}`, `p${'a'.repeat(26)}`, 'b*', ''],
  ...[1, 2, 0, -1, 1.5, 1e3, 65_536, true, false, null],
);
const anything = fc.oneof(
  { weight: 5, arbitrary: value },
  { weight: 1, arbitrary: fc.array(value, { maxLength: 2 }) },
);
const ruleLike = fc.dictionary(
  fc.constantFrom(
    ...['program', 'programVersion', 'module', 'bucket', 'problem', 'type', 'to', 'largerThan'],
    ...['keys', 'texts', 'typo'],
  ),
  anything,
  { maxKeys: 3 },
);
const actionLike = fc.constantFrom({}, { action: 'allow' }, { action: 'ask' }, { action: 'no' });
const documentLike = fc
  .record({
    version: fc.constantFrom<unknown>(1, 1, 1, 2, '1'),
    more: fc.dictionary(
      fc.constantFrom(
        ...['everything', 'collect', 'send', 'review', 'typo', 'caps', 'rules', 'offer', 'redact'],
        ...['answers', 'schedule'],
      ),
      anything,
      { maxKeys: 2 },
    ),
    lists: fc.dictionary(
      fc.constantFrom('rules', 'rules', 'offer', 'redact'),
      fc.array(
        fc.tuple(ruleLike, actionLike).map(([rule, action]) => ({ ...rule, ...action })),
        { maxLength: 2 },
      ),
    ),
    caps: fc.dictionary(fc.constantFrom('bytesPerDay', 'entriesPerBucket', 'entryBytes'), value, {
      maxKeys: 2,
    }),
  })
  .map(({ version, more, lists, caps }) => ({ version, caps, ...more, ...lists }));

test('an editor with the schema and the parser call the same documents right', () => {
  const schema = JSON.parse(JSON.stringify(policySchema()));
  const seen = { right: 0, wrong: 0 };
  fc.assert(
    fc.property(documentLike, (document) => {
      const parsed = parsePolicy(JSON.stringify(document));
      const right = 'policy' in parsed;
      seen[right ? 'right' : 'wrong'] += 1;
      expect([right, document]).toEqual([obeysSchema(schema, document), document]);
    }),
    { numRuns: 3_000 },
  );
  expect(Math.min(seen.right, seen.wrong)).toBeGreaterThan(20);
});
