/**
 * Whether the core entry finds the same buckets in every runtime: bundles it with the vectors of scheme v1 into one
 * script and runs that script where it can, in this Node, in Bun and Deno (named by BUN and DENO) and in a Chromium.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const VECTORS = fileURLToPath(new URL('../../../packages/bucket/test/vectors', import.meta.url));
const ENTRY = fileURLToPath(new URL('../../../packages/bucket/src/index.ts', import.meta.url));
const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-sync',
  '--dump-dom',
];

const folder = mkdtempSync(join(tmpdir(), 'fr-runtimes-'));
try {
  const script = join(folder, 'check.js');
  bundle(script);
  const page = join(folder, 'check.html');
  writeFileSync(page, `<meta charset="utf-8"><body><script>${readFileSync(script, 'utf8')}</script>`);
  report('Node', process.execPath, [script]);
  report('Bun', process.env['BUN'], [script]);
  report('Deno', process.env['DENO'], ['run', script]);
  report('Chromium', CHROMIUM, [...FLAGS, `--user-data-dir=${join(folder, 'profile')}`, `file://${page}`]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function bundle(outfile: string): void {
  const vectors = readdirSync(VECTORS).map((name) => JSON.parse(readFileSync(join(VECTORS, name), 'utf8')));
  const contents = `
    import { bucketKey, bucketOf } from ${JSON.stringify(ENTRY)};
    const files = ${JSON.stringify(vectors)};
    const wrong = [];
    let count = 0;
    for (const file of files) {
      for (const { name, key, failure } of Array.isArray(file) ? file : file.cases) {
        const source = Array.isArray(file) ? undefined : (path) => file.sources[path];
        count++;
        if (bucketKey(bucketOf({ ...failure, source })) !== key) wrong.push(name);
      }
    }
    const result = 'vectors ' + count + ', wrong ' + wrong.length + ' ' + wrong.join('; ');
    if (typeof document === 'undefined') console.log(result);
    else document.body.textContent = result;
  `;
  buildSync({ stdin: { contents, resolveDir: VECTORS }, outfile, bundle: true, format: 'iife' });
}

function report(runtime: string, program: string | undefined, args: readonly string[]): void {
  if (program === undefined || !existsSync(program)) {
    console.log(`${runtime}: not here`);
    return;
  }
  const output = execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const [result = 'no answer'] = /vectors \d+, wrong \d+[^<\n]*/.exec(output) ?? [];
  console.log(`${runtime}: ${result}`);
  if (!/wrong 0 /.test(`${result} `)) process.exitCode = 1;
}
