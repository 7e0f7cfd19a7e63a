import { spawnSync } from 'node:child_process';

/** Programs that fail, each in its own way and with words that could be taken for secrets. None holds one. */
const PROGRAMS: readonly string[] = [
  'const session = undefined; function checkPassword(user) { return user.password.length; } checkPassword(session ?? {});',
  'class TokenStore { #key = new Map(); get(id) { return this.#key.get(id).token.value; } } new TokenStore().get("a:b");',
  'async function login(credentials) { await null; throw new TypeError("no such secret store: " + typeof credentials); } login({});',
  'JSON.parse(`{"tokens": 3, "password": `);',
  'require("./secret-store/index.js");',
  'require("node:fs").readFileSync("/app/config/secrets.json");',
  'require("node:assert").deepStrictEqual({ token: 1, key: [1, 2] }, { token: 2, key: [1] });',
  'require("node:net").connect(1, "127.0.0.1");',
  'new URL("token://");new URL("no address");',
  'throw new AggregateError([new Error("key: missing"), new RangeError("length: 12")], "all: failed");',
  'const cookie = () => cookie(); cookie();',
  'process.on("exit", () => {}); Promise.reject(Object.assign(new Error("auth failed"), { code: "E_AUTH", status: 401 }));',
  'throw new Error("outer", { cause: new Error("inner", { cause: new SyntaxError("Unexpected token: name") }) });',
  'eval("function parseSecret(x) { return x.y.z } parseSecret({})");',
  'require("node:zlib").inflateSync(Buffer.from("no"));',
  'require("node:crypto").createPrivateKey("no key");',
  'require("node:vm").runInNewContext("a.b.c", { a: {} }, "app:///dist/session-key.js");',
  'Object.defineProperty(Object.freeze({}), "authorization", { value: 1 });',
  'Buffer.alloc(-1);',
  'structuredClone({ session: () => 1 });',
  'new Intl.DateTimeFormat("de", { timeZone: "Nowhere/Token" });',
  'setTimeout(() => { throw Object.assign(new Error("timer"), { bucket: "b".repeat(26), at: 1767322845678 }); }, 1);',
  'require("node:util").parseArgs({ args: ["--password"], options: {} });',
  'require("node:child_process").execSync("exit 3");',
];

/** What Node printed when each of them died, with the folder of this checkout written as that of a service. */
export function ranTexts(): readonly string[] {
  return PROGRAMS.map((program) => {
    const { stderr } = spawnSync(process.execPath, ['--stack-trace-limit=30', '-e', program], {
      encoding: 'utf8',
      env: {},
    });
    return stderr.replaceAll(process.cwd(), '/srv/app');
  });
}
