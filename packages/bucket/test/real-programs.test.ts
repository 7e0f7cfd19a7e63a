import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'tsup';
import { afterAll, expect, it } from 'vitest';
import type { Bucket, ErrorFacts, SourceMap } from '../src/index.ts';
import { bucketId, bucketOf } from '../src/index.ts';
import { sourceMapFrom } from '../src/source-map.ts';

/** Each exported function is one fault, or several told apart by its argument. `CASES` calls them all. */
const CART = `
IMPORT parse FROM './parse'
IMPORT ini FROM 'inilike'
IMPORT fs FROM 'node:fs'

EXPORT function totalOf(items) {
  return items.map((item) => item.price.amount).reduce((a, b) => a + b, 0);
}
EXPORT function check(n) {
  if (n === 1) {
    throw new Error('bad ' + Math.random());
  }
  if (n === 2) {
    throw new Error('bad ' + Math.random());
  }
  if (n === 3) throw new RangeError('too far');
  return undefined.length;
}
class Basket {
  #sum() { return null.value; }
  get size() { return this.missing.length; }
  constructor(n) { if (n === 1) throw new TypeError('no basket'); }
  sum() { return this.#sum(); }
}
EXPORT function basket(n) {
  const made = new Basket(n);
  return n === 2 ? made.size : made.sum();
}
EXPORT function settings(text) { return ini.read(text); }
EXPORT function json(text) { return parse.json(text); }
EXPORT function wrapped() {
  try { return parse.json('{'); } catch (cause) { throw new Error('cannot load', { cause }); }
}
EXPORT function odd(n) { return n <= 0 ? odd(n + 1) : even(n - 1); }
EXPORT function even(n) { return n < -5 ? true : odd(n - 1); }
function invariant(ok) { if (!ok) throw new Error('not ok'); }
function assert(ok) { invariant(ok); }
EXPORT function asserting() { assert(false); }
EXPORT async function later() {
  await null;
  throw new Error('later');
}
EXPORT function read() { return fs.readFileSync('/nowhere/' + Math.random()); }
EXPORT function evaluating() { return eval('missingName + 1'); }
EXPORT function string() { throw 'text ' + Math.random(); }
`;
const PARSE = `
EXPORT function json(text) {
  return JSON.parse(text);
}
`;
const INI = `
exports.read = function read(text) { return inner(text); };
function inner(text) {
  if (text === '') throw Object.assign(new Error('empty'), { code: 'INI_EMPTY' });
  throw Object.assign(new Error('bad ini ' + text), { code: 'INI_BAD' });
}
`;
const CASES = `
const cases = {
  map: () => cart.totalOf([{}]), first: () => cart.check(1), second: () => cart.check(2), third: () => cart.check(3),
  fourth: () => cart.check(4), constructed: () => cart.basket(1), getter: () => cart.basket(2),
  hidden: () => cart.basket(3), ini: () => cart.settings('x' + Math.random()), empty: () => cart.settings(''),
  json: () => cart.json('{' + Math.random()), overflow: () => cart.odd(0),
  assertion: () => cart.asserting(), later: () => cart.later(), read: () => cart.read(),
  eval: () => cart.evaluating(), string: () => cart.string(),
};
function facts(error) {
  if (typeof error !== 'object') return { thrown: typeof error, message: String(error) };
  const { name, message, stack, code, syscall, cause } = error;
  return { name, message, stack, code, syscall, cause: cause && facts(cause) };
}
async function main() {
  const seen = {};
  for (const [name, run] of Object.entries(cases)) {
    try { await CALLER(run); } catch (error) { seen[name] = facts(error); }
  }
  console.log(JSON.stringify(seen));
}
main();
`;

interface Variant {
  readonly folder: string;
  readonly format: 'esm' | 'cjs';
  readonly linesAbove?: number;
  readonly caller?: string;
  readonly node?: readonly string[];
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function translate(text: string, format: 'esm' | 'cjs'): string {
  const extension = format === 'esm' ? '.mjs' : '.cjs';
  return text
    .replace(/IMPORT (\w+) FROM '(.*)'/g, (_, name: string, from: string) => {
      const file = from.startsWith('.') ? from + extension : from;
      if (format === 'cjs') return `const ${name} = require('${file}');`;
      return `import ${from.startsWith('.') ? '* as ' : ''}${name} from '${file}';`;
    })
    .replace(/EXPORT ((?:async )?function (\w+))/g, (_, head: string, name: string) =>
      format === 'esm' ? `export ${head}` : `exports.${name} = ${name};\n${head}`,
    );
}

const temps: string[] = [];

afterAll(() => {
  for (const temp of temps) rmSync(temp, { recursive: true, force: true });
});

/** Lays out the program and answers the path of its main file. */
function lay(variant: Variant): string {
  const temp = realpathSync(mkdtempSync(join(tmpdir(), 'bucket-')));
  temps.push(temp);
  const root = join(temp, variant.folder);
  const extension = variant.format === 'esm' ? '.mjs' : '.cjs';
  const above = '// line\n'.repeat(variant.linesAbove ?? 0);
  write(join(root, 'package.json'), '{ "name": "shop", "version": "1.2.0" }');
  write(join(root, `lib/cart${extension}`), above + translate(CART, variant.format));
  write(join(root, `lib/parse${extension}`), above + translate(PARSE, variant.format));
  write(join(root, 'node_modules/inilike/package.json'), '{ "name": "inilike", "version": "3.1.0" }');
  write(join(root, 'node_modules/inilike/index.js'), INI);
  const main = join(root, `main${extension}`);
  const importing = variant.format === 'esm' ? 'import * as cart from' : 'const cart = require(';
  const path = `'./lib/cart${extension}'${variant.format === 'esm' ? '' : ')'};`;
  write(main, `${importing} ${path}\n${CASES.replace('CALLER', variant.caller ?? '((f) => f())')}`);
  return main;
}

function run(variant: Variant): Record<string, Bucket> {
  return execute(lay(variant), variant.node);
}

type MapReader = (json: string | undefined) => SourceMap | string | undefined;

function execute(
  main: string,
  options: readonly string[] = [],
  readMap: MapReader = sourceMapFrom,
): Record<string, Bucket> {
  const output = execFileSync(process.execPath, [...options, main], { encoding: 'utf8' });
  const seen = JSON.parse(output) as Record<string, ErrorFacts>;
  return Object.fromEntries(Object.entries(seen).map(([name, error]) => [name, bucketOfRun(error, readMap)]));
}

function bucketOfRun(error: ErrorFacts, readMap: MapReader): Bucket {
  return bucketOf({
    kind: 'error',
    program: 'shop',
    programVersion: '1.2.0',
    modules: { inilike: '3.1.0' },
    error,
    source: textOf,
    sourceMap: (file) => readMap(textOf(`${file}.map`)),
  });
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file.startsWith('file:') ? fileURLToPath(file) : file, 'utf8');
  } catch {
    return undefined;
  }
}

const reference = run({ folder: 'app', format: 'esm' });

it('gives every fault of a real program its own bucket', () => {
  expect(Object.keys(reference).length).toBe(17);
  expect(new Set(Object.values(reference).map(bucketId)).size).toBe(17);
});

it.each<[string, Variant]>([
  ['in another folder, with blanks and brackets', { folder: 'other place (1)/@x/ümlaut', format: 'esm' }],
  ['as a CommonJS module', { folder: 'app', format: 'cjs' }],
  ['with lines added above', { folder: 'app', format: 'esm', linesAbove: 40 }],
  ['with another caller', { folder: 'app', format: 'esm', caller: '(function other(f) { return f(); })' }],
  ['with a longer stack', { folder: 'app', format: 'cjs', node: ['--stack-trace-limit=50'] }],
  ['as a global install', { folder: 'lib/node_modules/shop', format: 'cjs' }],
])('keeps the bucket of every fault %s', (_, variant) => {
  expect(run(variant)).toEqual(reference);
});

it.each([false, true])(
  'finds the same buckets in a bundle with a source map, minified: %s',
  async (minify) => {
    const main = lay({ folder: 'app', format: 'esm' });
    const outDir = join(dirname(main), 'out');
    const entry = { bundle: main };
    const noExternal = [/./];
    const shape = { format: 'esm', platform: 'node', sourcemap: true, minify } as const;
    await build({
      entry,
      outDir,
      noExternal,
      ...shape,
      config: false,
      silent: true,
      outExtension: () => ({ js: '.mjs' }),
    });
    expect(execute(join(outDir, 'bundle.mjs'))).toEqual(reference);
    expect(execute(join(outDir, 'bundle.mjs'), [], (json) => json)).toEqual(reference);
  },
);

it('knows the module that refused and the code it gave', () => {
  expect(reference['ini']?.location).toMatch(/^cart#settings~\w+>inilike\.read!INI_BAD$/);
  expect(reference['read']?.location).toMatch(/^cart#read~\w+!ENOENT$/);
});
