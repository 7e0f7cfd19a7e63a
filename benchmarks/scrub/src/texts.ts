/** A text to scrub, and why it is here. */
export interface Sample {
  readonly name: string;
  readonly text: string;
}

/** Parts which, repeated, wake as many detectors as possible, or make each look as far as possible, or remove the most. */
export const HOSTILE: readonly string[] = [
  'a',
  ':',
  '=',
  '-',
  '~',
  'a:',
  'a=',
  '-a=',
  'a@',
  '%40a',
  '%3Da=',
  '\\na',
  'é@é',
  'sk-',
  'eyJaaaaaaaa-',
  '/home/',
  '4111 ',
  '1.',
  '+1 ',
  'DE12 ',
  'a://a:b/',
  'a://b:c',
  'a://a@a ',
  'fe80:',
  'aa:bb:cc:dd:ee:',
  'a-b_c.d:',
  ':token>',
  '--a ',
  '-----BEGIN ',
  '[removed:',
  '"token":"',
  'token: a, ',
  'token=next( ',
  'password=x ',
  'bob@example.com ',
  '10.1.2.3 ',
  '/home/ann/x ',
  'key=aB3dE5fG7hI9jK1lM3nO5 ',
  'C:\\Users\\a b',
  // What `search.ts` bred, most steps first; most of these are scanned twice.
  '--=é>-=sk-----a=sk--token-',
  '4:é--:-sk-:c--:-sk-pass=x ',
  ':sk-token=n;2',
  'ytoken:- : :én:sk- :sk-%40sk-',
  'e:secretet:a&',
  '//a:b@ep.aeyJa%0:sk-token=n;29:',
  'éa://a://^@aa',
  '://^@g://sk-a://^@aa://a:@a',
  '://^@g://a://:@a://^@a',
];

const FRAME = '    at async Session.open (/srv/app/node_modules/some-module/dist/index.js:1234:56)\n';
const STACK = `TypeError: Cannot read properties of undefined (reading 'id')\n${FRAME.repeat(9)}`;
const LOG =
  '2026-01-02T03:04:05.678Z info  [worker 3] GET /api/orders/4711?page=2 200 in 12.3 ms rss=183500800 user=8812\n';
const JSON_LINE =
  '{"level":30,"time":1767322845678,"pid":4711,"msg":"request completed","req":{"id":17,"method":"GET","url":"/a"}},\n';
const MINIFIED =
  'function t(e,n){return e?n.call(this,e.map((r=>r.k===n.k?{...r,v:1}:r))):null}var o={a:1,b:"c",d:[1,2]};';

/** Hostile families of about this many characters. */
export function hostileSamples(size: number): readonly Sample[] {
  return HOSTILE.map((part) => ({ name: JSON.stringify(part), text: filled(part, size) }));
}

/** What is really scrubbed: stacks, the end of a log, data, code. */
export function ordinarySamples(size: number): readonly Sample[] {
  return [
    { name: 'stacks', text: filled(STACK, size) },
    { name: 'log', text: filled(LOG, size) },
    { name: 'JSON', text: filled(JSON_LINE, size) },
    { name: 'minified code', text: filled(MINIFIED, size) },
    {
      name: 'a secret in every tenth line',
      text: filled(`${LOG.repeat(9)}token=abcdef0123 bob@example.com\n`, size),
    },
  ];
}

/** One flat string, as a file that was read gives one. */
function filled(part: string, size: number): string {
  return Buffer.from(part.repeat(Math.ceil(size / part.length))).toString('utf8');
}
