import { expect, it } from 'vitest';
import { DEPTH_LIMIT, SIZE_LIMIT, scrubText, scrubTree } from '../src/index.ts';

it('replaces the values of secret keys as a whole and scrubs every other text', () => {
  const tree = {
    password: 'x',
    credentials: { user: 'ann', pass: 'y' },
    headers: [{ name: 'Cookie', value: 'a=b' }],
    raw: ['Authorization', 'Basic x', 'Host', 'h'],
    argv: ['--token', 'abc'],
    mail: 'to ann@example.com',
    card: 4111111111111111,
    'bob@example.com': 1,
    kept: [1, null, true, 'text', { n: 1.5 }],
    tokenType: 'bearer',
    hasPassword: true,
  };
  expect(scrubTree(tree)).toEqual({
    value: {
      password: '[removed:secret]',
      credentials: '[removed:secret]',
      headers: [{ name: 'Cookie', value: '[removed:cookie]' }],
      raw: ['Authorization', '[removed:secret]', 'Host', 'h'],
      argv: ['--token', '[removed:secret]'],
      mail: 'to [removed:email]',
      card: '[removed:card]',
      '[removed:email]': 1,
      kept: [1, null, true, 'text', { n: 1.5 }],
      tokenType: 'bearer',
      hasPassword: true,
    },
    removed: [
      { rule: 'cookie', count: 1 },
      { rule: 'secret', count: 4 },
      { rule: 'email', count: 2 },
      { rule: 'card', count: 1 },
    ],
    cut: [],
  });
});

it('runs no getter and carries nothing but plain data', () => {
  let ran = 0;
  const tree = {
    get a() {
      ran += 1;
      return 'x';
    },
    b: () => ran,
    c: new Map([['password', 'x']]),
    d: new Uint8Array(3),
  };
  expect(scrubTree(tree)).toEqual({
    value: { a: '[cut:type]', b: '[cut:type]', c: '[cut:type]', d: '[cut:type]' },
    removed: [],
    cut: [{ reason: 'type', count: 4 }],
  });
  expect(ran).toBe(0);
});

it('survives a proxy whose traps throw', () => {
  const proxy = new Proxy(
    {},
    {
      ownKeys: () => {
        throw new Error('trap');
      },
    },
  );
  expect(scrubTree({ proxy }).value).toEqual({ proxy: '[cut:type]' });
});

it('cuts loops but not what is merely mentioned twice', () => {
  const shared = { n: 1 };
  const tree: Record<string, unknown> = { shared, again: shared };
  tree['self'] = tree;
  expect(scrubTree(tree).value).toEqual({ shared: { n: 1 }, again: { n: 1 }, self: '[cut:cycle]' });
});

it('cuts what is too deep and too big', () => {
  let deep: unknown = 'leaf';
  for (let level = 0; level < 100_000; level += 1) deep = [deep];
  expect(scrubTree(deep).cut).toEqual([{ reason: 'depth', count: 1 }]);
  expect(JSON.stringify(scrubTree(deep).value)).toContain('[cut:depth]');
  expect(DEPTH_LIMIT).toBeGreaterThan(10);

  const wide = scrubTree(Array.from({ length: SIZE_LIMIT * 2 }, (_, index) => index));
  expect(wide.cut).toEqual([{ reason: 'size', count: 1 }]);
  expect((wide.value as unknown[]).length).toBeLessThanOrEqual(SIZE_LIMIT);
});

it('keeps __proto__ as a plain key', () => {
  const tree = JSON.parse('{"__proto__": {"password": "x"}}');
  const { value } = scrubTree(tree);
  expect(JSON.stringify(value)).toBe('{"__proto__":{"password":"[removed:secret]"}}');
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
});

it('takes more keys, texts and folders from local settings', () => {
  const options = {
    extraKeys: ['badge-no'],
    extraTexts: ['srv-ward7'],
    homeFolders: ['/net/people/ann/', 'D:\\Profiles\\ann'],
  };
  expect(scrubTree({ userBadgeNo: '77' }, options).value).toEqual({ userBadgeNo: '[removed:secret]' });
  expect(scrubText('badge_no=77 on srv-ward7, not srv-ward70', options).text).toBe(
    'badge_no=[removed:secret] on [removed:listed], not srv-ward70',
  );
  const share = { homeFolders: ['\\\\files\\people\\ann'], extraTexts: ['ärzte-1', '#ward'] };
  expect(scrubText('\\\\files\\people\\ann\\x on ärzte-1 #ward', share).text).toBe(
    '~\\x on [removed:listed] [removed:listed]',
  );
  expect(scrubText('at /net/people/ann/x.js and d:/profiles/ann/y and /net/people/anna', options).text).toBe(
    'at ~/x.js and ~/y and /net/people/anna',
  );
});

it('lets personal rules be disabled and credential rules never', () => {
  const disabled = ['email', 'secret', 'private-key'] as unknown as readonly 'email'[];
  expect(scrubText('ann@example.com password=x', { disabled }).text).toBe(
    'ann@example.com password=[removed:secret]',
  );
  const people = 'DE89370400440532013000 +49 30 1234567 10.1.2.3 /home/ann/x 4111 1111 1111 1111';
  const all = ['iban', 'phone', 'ip', 'home-folder', 'card'] as const;
  expect(scrubText(people, { disabled: all }).text).toBe(people);
});

it('ignores settings that make no sense', () => {
  const options = {
    homeFolders: ['/', 'C:\\', '', 7],
    extraTexts: ['', 'a'],
    extraKeys: ['', '__'],
    disabled: 'email',
  };
  expect(scrubText('/a/b C:\\x a', options as never).text).toBe('/a/b C:\\x a');
  expect(scrubText('ann@example.com', options as never).text).toBe('[removed:email]');
});
