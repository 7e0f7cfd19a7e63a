import { expect, it } from 'vitest';
import { scrubText } from '../src/index.ts';

const removedFrom = [
  ['password=hunter2 next', 'password=[removed:secret] next'],
  ["{ password: 'x y', user: 'bob' }", "{ password: '[removed:secret]', user: 'bob' }"],
  ['{"apiKey":"a\\"b","n":1}', '{"apiKey":"[removed:secret]","n":1}'],
  ['{\\"password\\":\\"hu\\\\\\"nter\\",\\"b\\":2}', '{\\"password\\":\\"[removed:secret]\\",\\"b\\":2}'],
  ['DB_PASSWORD=abc&def,ghi; next', 'DB_PASSWORD=[removed:secret]; next'],
  ['https://x.com/?access_token=abc123&b=1', 'https://x.com/?access_token=[removed:secret]&b=1'],
  ['tool --password hunter2 --verbose', 'tool --password [removed:secret] --verbose'],
  ["['--token', 'abc']", "['--token', '[removed:secret]']"],
  ['<password>abc</password>', '<password>[removed:secret]</password>'],
  ['passphrase: correct horse battery', 'passphrase: [removed:secret]'],
  ['Server=a;Pwd={x;y};Db=b', 'Server=a;Pwd={[removed:secret]};Db=b'],
  ['postgres://bob:s3cr3t@db:5432/x', 'postgres://[removed:url-credentials]@db:5432/x'],
  ['amqp://u:p/s#s@host/x', 'amqp://[removed:url-credentials]@host/x'],
  ['Authorization: Digest u="a", r="b"\nHost: x', 'Authorization: [removed:authorization]\nHost: x'],
  ['curl -H "Cookie: a=b; c=d" http://x', 'curl -H "Cookie: [removed:cookie]" http://x'],
  ['sent Bearer abcdef0123456789 to x', 'sent Bearer [removed:authorization] to x'],
  ['sent Basic dXNlcjpwYXNz to x', 'sent Basic [removed:authorization] to x'],
  ['mail bob.o+x@mail.example.co.uk.', 'mail [removed:email].'],
  ['?to=bob%40example.com&x', '?to=[removed:email]&x'],
  ['bob@163.com', '[removed:email]'],
  ['card 4111 1111 1111 1111!', 'card [removed:card]!'],
  ['amex 378282246310005', 'amex [removed:card]'],
  ['connect 10.1.2.3:80', 'connect [removed:ip]:80'],
  ['http://10.1.2.3/x', 'http://[removed:ip]/x'],
  ['[2001:db8::8a2e:370:7334]:443', '[[removed:ip]]:443'],
  ['peer ::ffff:10.0.0.1', 'peer [removed:ip]'],
  ['eth0 aa:bb:cc:dd:ee:0f up', 'eth0 [removed:mac] up'],
  ['at f (/home/ann/app/x.js:1:2)', 'at f (~/app/x.js:1:2)'],
  ['at f (file:///Users/ann/app/x.js:1:2)', 'at f (file://~/app/x.js:1:2)'],
  ['C:\\Users\\Ann Lee\\app\\x.js', '~\\app\\x.js'],
  ['"C:\\\\Users\\\\ann\\\\x.js"', '"~\\\\x.js"'],
  ['-I/home/ann/include', '-I~/include'],
  ['key=aB3dE5fG7hI9jK1lM3nO5', 'key=[removed:entropy]'],
  ['pay DE89370400440532013000 now', 'pay [removed:iban] now'],
  ['pay GB29 NWBK 6016 1331 9268 19.', 'pay [removed:iban].'],
  ['call +49 30 1234567!', 'call [removed:phone]!'],
  ['tel:+14155550123', 'tel:[removed:phone]'],
  ['müller@bücher.example', '[removed:email]'],
  ['https://hooks.slack.com/services/T0/B0/aB3dE5fG7hI9jK1l', 'https://[removed:slack-token]'],
  [`a://x:y ${'b'.repeat(400)}@c.de`, `a://x:y ${'b'.repeat(336)}[removed:email]`],
  ['<b:token>x</b:token>', '<b:token>[removed:secret]</b:token>'],
] as const;

it.each(removedFrom)('removes what is secret from %s', (text, expected) => {
  expect(scrubText(text).text).toBe(expected);
});

const kept = [
  'npm error foo@1.2.3.4 and bar@1.0.0-beta.next',
  'at onClick@main.bundle.js:12:34',
  'at check (/app/src/password.js:12:34)',
  'at /app/src/secret:12:3',
  'SyntaxError: Unexpected token: punc (})',
  'TokenExpiredError: jwt expired',
  'CredentialsProviderError: Could not load credentials from any providers',
  'const password = getPassword();',
  'const cookie = () => cookie(); cookie();',
  'password: string;',
  'password: null, token: undefined',
  'connect ECONNREFUSED 127.0.0.1:5432',
  'connect ECONNREFUSED ::1:5432',
  'version 1.2.3.4',
  '"version": "10.2.3.4"',
  'Chrome/120.0.6099.109',
  'std::vector<Abc::Def> at 12:34:56',
  '550e8400-e29b-41d4-a716-446655440000',
  'bucket=bkq2xw7mzr4ts3vnp5yhj6dcfga',
  'digest: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  'integrity=sha512-Z8jmAl0Z0UDv1nGxN6fSuVmIXqWwFTPRaWvcZcRxdLLYsoXk7jLLBbYLHP+0zQW8oYpoEPVMqIbFY5+KQ==',
  'https://registry.npmjs.org/@scope/pkg/-/pkg-1.0.0.tgz',
  'webpack://app@1.0.0/./src/index.ts',
  'ssh://git@github.com/a/b.git',
  '1700000000000 1234567890123456',
  'GET /home/dashboard 200',
  'https://example.com/home/dashboard',
  'Bearer authentication failed',
  'pass: 12, fail: 3',
  'DE89370400440532013001',
  'UTC+02:00 +0200 +12345678 1.0.0+20130313144700 1+4930123456789',
  'deadbeef:cafe 12:34:56:78:90:12',
] as const;

it.each(kept)('leaves %s', (text) => {
  expect(scrubText(text)).toEqual({ text, removed: [] });
});

it('counts what it removed, in the order of the rules', () => {
  expect(scrubText('a@b.com password=x c@d.org').removed).toEqual([
    { rule: 'secret', count: 1 },
    { rule: 'email', count: 2 },
  ]);
});

/** Each would make a backtracking matcher slow; here only the result is checked, over a growing size. */
const repeated = [
  'a',
  'a@',
  '@',
  ':',
  '=',
  'a=',
  'sk-',
  'eyJ',
  'eyJaaaaaaaa-',
  '/home/',
  '4111 ',
  '1.',
  'a://a:b/',
  'fe80:',
  '\\"',
];

it.each(repeated)('stays correct on ever more of %j', (part) => {
  for (const size of [1_000, 30_000, 300_000]) {
    const noise = part.repeat(size / part.length);
    expect(scrubText(`password=hunter2\n${noise}\nbob@example.com`).text).toMatch(
      /^password=\[removed:secret\]\n[\s\S]*\n\[removed:email\]$/,
    );
  }
});
