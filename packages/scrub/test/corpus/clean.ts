import { ALNUM, type Chance, chance, DIGITS, HEX, LOWER } from './seed.ts';

/** Stacks and log lines that hold nothing secret and must come out as they went in. */

const MESSAGES = [
  "TypeError: Cannot read properties of undefined (reading 'token')",
  'SyntaxError: Unexpected token < in JSON at position 0',
  'SyntaxError: Unexpected token: punc (})',
  'Error: connect ECONNREFUSED 127.0.0.1:5432',
  'Error: listen EADDRINUSE: address already in use :::3000',
  'JsonWebTokenError: jwt malformed',
  'TokenExpiredError: jwt expired',
  'CredentialsProviderError: Could not load credentials from any providers',
  "Error: Cannot find module '@scope/secret-store'",
  'RangeError: Maximum call stack size exceeded',
  'AssertionError [ERR_ASSERTION]: 1 == 2',
  "Error: ENOENT: no such file or directory, open '/app/config/default.json'",
  'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
  'PrismaClientInitializationError: error: Environment variable not found: DATABASE_URL.',
  'Error: Request failed with status code 401',
  'MongoServerError: E11000 duplicate key error collection: app.users index: name_1',
  'ReferenceError: passwordField is not defined',
  'UnauthorizedError: No authorization token was found',
];
const FUNCTIONS = [
  'checkPassword',
  'Object.parseToken',
  'new SecretStore',
  'async Promise.all (index 0)',
  'Session.get',
  'Module._compile',
  'process.processTicksAndRejections',
  'Cookie.parse',
  'Array.map',
  'AuthService.login',
  '<anonymous>',
  'KeyRing.#open',
];

const PATHS: readonly ((random: Chance) => string)[] = [
  () => 'node:internal/modules/cjs/loader:1554:14',
  (random) => `/app/src/auth/password.js:${random.below(900) + 1}:${random.below(80)}`,
  (random) =>
    `/app/node_modules/.pnpm/jsonwebtoken@9.0.2/node_modules/jsonwebtoken/verify.js:${random.below(900)}:7`,
  (random) => `/srv/app/node_modules/@aws-sdk/credential-providers/dist-cjs/index.js:${random.below(900)}:12`,
  (random) =>
    `file:///opt/service/dist/token-${random.text(HEX, 8)}.js:${random.below(90000)}:${random.below(9000)}`,
  (random) => `webpack://shop@1.2.3/./src/session.ts?${random.text(HEX, 4)}:${random.below(900)}:3`,
  (random) => `C:\\app\\node_modules\\cookie\\index.js:${random.below(900)}:${random.below(90)}`,
  (random) => `https://cdn.example.com/assets/main.${random.text(HEX, 8)}.js:1:${random.below(90000)}`,
  (random) =>
    `/app/.next/server/chunks/${random.text(DIGITS, 4)}.js:${random.below(90)}:${random.below(9000)}`,
  (random) => `/nix/store/${random.text('0123456789abcdfghijklmnpqrsvwxyz', 32)}-node/lib/x.js:2:1`,
  () =>
    '/app/node_modules/.pnpm/vite@5.0.0_@types+node@20.1.2/node_modules/vite/dist/node/chunks/dep-1.js:9:8',
];

const LINES: readonly ((random: Chance) => string)[] = [
  (random) =>
    `report ${random.text(HEX, 8)}-${random.text(HEX, 4)}-7${random.text(HEX, 3)}-a${random.text(HEX, 3)}-${random.text(HEX, 12)} kept`,
  (random) => `bucket: b${random.text(`${LOWER}234567`, 26)}`,
  (random) => `sha256: ${random.text(HEX, 64)}`,
  (random) => `sha512-${random.text(`${ALNUM}+/`, 86)}==`,
  (random) => `commit ${random.text(HEX, 40)}`,
  (random) => `pkg@${random.below(20)}.${random.below(20)}.${random.below(20)}.${random.below(20)} resolved`,
  (random) => `version: ${random.below(20)}.${random.below(20)}.${random.below(20)}.${random.below(20)}`,
  (random) =>
    `at 2026-01-${10 + random.below(19)}T12:34:56.789Z took ${random.below(9000)}ms, pid=${random.below(90000)}`,
  (random) => `time=17${random.text(DIGITS, 11)} rss=${random.text(DIGITS, 9)}`,
  (random) => `0x${random.text(HEX, 12)} v8::internal::Isolate::Throw() [node]`,
  (random) => `v1|shop|1.2.3|jsonwebtoken|9.0.2|verify.js:verify:${random.below(9)}`,
  (random) =>
    `//# sourceMappingURL=data:application/json;base64,eyJ2ZXJzaW9uIjozLCJmaWxlIjoi${random.text(ALNUM, 60)}`,
  (random) => `//# sourceMappingURL=index-${random.text(`${ALNUM}_-`, 7)}a.js.map`,
  (random) =>
    `assets/index-${random.text(`${ALNUM}_-`, 7)}a.css ${random.below(900)}.${random.below(90)} kB │ gzip: 12.5 kB`,
  (random) =>
    `x-request-id: ${random.text(HEX, 8)}-${random.text(HEX, 4)}-4${random.text(HEX, 3)}-9${random.text(HEX, 3)}-${random.text(HEX, 12)}`,
  () => 'function e(t,n){return t.k===n.k?{...t,v:1}:n}var o={a:1,b:"c",d:[1,2]};throw new Error(`x:`+o.a)',
  () => 'x=t=>{for(var e=0;e<t.length;e++)if(t[e]!==u)return!1;return!0},y=e=>e.token?.type??"none"',
  (random) =>
    `+${random.below(900)} -${random.below(900)} lines, offset +${random.below(9000)}, UTC+02:00, +0200`,
  (random) =>
    `took ${random.below(99)}.${random.text(DIGITS, 3)}s (p50=${random.below(99)}ms p99=${random.below(999)}ms) 12:34:56.789`,
  (random) => `etag: W/"${random.text(HEX, 4)}-${random.text(ALNUM, 27)}"`,
  (random) =>
    `lodash@4.17.${random.below(30)} -> 4.18.0-rc.${random.below(9)}+build.${random.text(DIGITS, 12)}`,
  (random) => `layer sha256:${random.text(HEX, 64)} image node:24.1.0-alpine@sha256:${random.text(HEX, 64)}`,
  () =>
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.6778.86 Safari/537.36',
  () => 'Node.js v24.21.0 linux x64, Chrome/120.0.6099.109 Electron/28.1.0',
];

/** The same list for the same seed. */
export function cleanTexts(seed: number, count: number): readonly string[] {
  const random = chance(seed);
  return Array.from({ length: count }, () => {
    const lines = [random.pick(MESSAGES)];
    for (let frame = 3 + random.below(8); frame > 0; frame -= 1) {
      const path = random.pick(PATHS)(random);
      lines.push(random.below(5) === 0 ? `    at ${path}` : `    at ${random.pick(FUNCTIONS)} (${path})`);
    }
    for (let more = random.below(4); more > 0; more -= 1) lines.push(random.pick(LINES)(random));
    return lines.join('\n');
  });
}
