import type { ChildProcess } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '@fr/test-harness';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bench, openBench } from '../src/release/bench.ts';
import { install } from '../src/release/install.ts';
import { type PublishedPackage, type Registry, startRegistry } from '../src/release/registry.ts';
import {
  copyWorkspace,
  moveVersions,
  type PublicPackage,
  publicPackages,
  publishAll,
} from '../src/release/workspace-copy.ts';

const PUBLIC = [
  '@fr/bucket',
  '@fr/destination-server',
  '@fr/file-server',
  '@fr/protocol',
  '@fr/reporter-sdk',
  '@fr/scrub',
  '@fr/server',
  '@fr/store',
  '@fr/sync',
];

/** A bug a person would write: the last line of the table has no price. */
const PROGRAM = `
const table = ['tea 250', 'milk 120', 'cake'];
const prices = new Map(table.map((line) => line.split(' ')));
function total(names) {
  return names.reduce((sum, name) => sum + Number.parseInt(prices.get(name).trim(), 10), 0);
}
console.log(total(['tea', 'milk']));
console.log(total(['tea', 'cake']));
`;

describe('a release', { timeout: 180_000 }, () => {
  let bench: Bench;
  let registry: Registry;
  let before: readonly PublicPackage[];
  let published: readonly PublishedPackage[];
  let project: string;

  beforeAll(async () => {
    bench = await openBench();
    registry = await startRegistry(bench);
    const copy = await copyWorkspace(bench);
    before = await publicPackages(copy);
    await moveVersions(bench, copy);
    await publishAll(bench, copy);
    const found = await Promise.all(before.map(({ name }) => registry.latest(name)));
    published = found.filter((each) => each !== undefined);
    project = join(bench.folder, 'an empty project');
    await mkdir(project);
    await bench.run('npm', ['init', '--yes'], { cwd: project });
    await install(bench, project, ['@fr/reporter-sdk', '@fr/file-server']);
  }, 300_000);

  afterAll(async () => bench?.close(), 60_000);

  test('publishes every public package in a new version', () => {
    expect(published.map(({ name }) => name)).toEqual(PUBLIC);
    expect(before.map(({ name }) => name)).toEqual(PUBLIC);
    for (const [index, { name, version }] of published.entries())
      expect(version, name).not.toBe(before[index]?.version);
  });

  test('publishes manifests that run nothing at install and mean the same outside the workspace', () => {
    const versions = Object.fromEntries(published.map(({ name, version }) => [name, version]));
    for (const { name, manifest } of published) {
      const scripts = Object.keys((manifest['scripts'] ?? {}) as object);
      expect(
        scripts.filter((script) => /^(pre|post)?(install|prepare|publish)/.test(script)),
        name,
      ).toEqual([]);
      expect(manifest['hasInstallScript'] ?? false, name).toBe(false);
      // Scripts are for whoever works on it; nobody runs those of an installed package.
      expect(JSON.stringify({ ...manifest, scripts: {} }), name).not.toMatch(
        /workspace:|catalog:|link:|@fr\/source/,
      );
      const dependencies = (manifest['dependencies'] ?? {}) as Record<string, string>;
      for (const [dependency, range] of Object.entries(dependencies))
        if (dependency in versions)
          expect(range, `${name} on ${dependency}`).toBe(`^${versions[dependency]}`);
    }
  });

  test('publishes what is built, a page to read and the licence, and no sources', async () => {
    for (const each of published) {
      const tarball = join(bench.folder, 'package.tgz');
      await registry.download(each, tarball);
      const listing = await bench.run('tar', ['-tzf', tarball], { cwd: bench.folder });
      const files = listing.trim().split('\n');
      expect(files, each.name).toContain('package/LICENSE');
      expect(files, each.name).toContain('package/README.md');
      const others = files.filter((file) => !/^package\/(dist\/|bin\/|[^/]+$)/.test(file));
      expect(others, each.name).toEqual([]);
      expect(files.filter((file) => file.startsWith('package/dist/')).length, each.name).toBeGreaterThan(0);
    }
  });

  test("installs neither native code nor install scripts, ours or anybody else's", async () => {
    const files = await readdir(join(project, 'node_modules'), { recursive: true });
    expect(files.filter((file) => file.endsWith('.node'))).toEqual([]);
    const lock = JSON.parse(await readFile(join(project, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { hasInstallScript?: boolean }>;
    };
    const scripted = Object.entries(lock.packages).filter(([, { hasInstallScript }]) => hasInstallScript);
    expect(scripted.map(([path]) => path)).toEqual([]);
  });

  test('resolves every entry point outside the workspace, by import and by require', async () => {
    const scope = join(project, 'node_modules', '@fr');
    const entries: string[] = [];
    for (const name of await readdir(scope)) {
      const manifest = await readFile(join(scope, name, 'package.json'), 'utf8');
      const { exports = {} } = JSON.parse(manifest) as { exports?: Record<string, unknown> };
      for (const entry of Object.keys(exports)) entries.push(`@fr/${name}${entry.slice(1)}`);
    }
    expect(entries).toContain('@fr/reporter-sdk/register');
    expect(entries).toContain('@fr/store/conformance');
    const loading = entries
      .flatMap((entry) => {
        const attributes = entry.endsWith('.json') ? ", { with: { type: 'json' } }" : '';
        return [`await import('${entry}'${attributes});`, `require('${entry}');`];
      })
      .join('\n');
    const program = `import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
${loading}
console.log('all loaded');`;
    await writeFile(join(project, 'load.mjs'), program);
    expect(await bench.run(process.execPath, ['load.mjs'], { cwd: project })).toBe('all loaded\n');
  });

  test('gives a host one file to load, which loads nothing else', async () => {
    const dist = join(project, 'node_modules', '@fr', 'reporter-sdk', 'dist');
    const importedBy = async (file: string) => importsOf(await readFile(join(dist, file), 'utf8'));
    expect(await importedBy('index.js')).toEqual([]);
    expect(await importedBy('register.js')).toEqual([]);
    const reporter = (await importedBy('fr-reporter.js')).filter((name) => !name.startsWith('node:'));
    expect(reporter).toEqual(['ky']);
  });

  test('lets a stranger start a file server, crash a program and see the hit', async () => {
    const version = published.find(({ name }) => name === '@fr/file-server')?.version;
    expect((await bench.run('npx', ['fr-admin', '--version'], { cwd: project })).trim()).toBe(version);
    const data = join(bench.folder, 'site');
    const server = bench.start('npx', ['fr-admin', 'serve', '--data', data, '--port', '0'], { cwd: project });
    const url = await readyUrl(server);

    await writeFile(join(project, 'app.js'), PROGRAM);
    const spool = join(bench.folder, 'spool');
    const env = { FR_SERVER: url, FR_SPOOL_DIR: spool };
    const words = ['--import', '@fr/reporter-sdk/register', 'app.js'];
    const printed = await bench.run(process.execPath, words, { cwd: project, env, exits: [1] });
    expect(printed).toBe('370\n');

    const buckets = await until(
      'the hit is counted',
      async () => {
        const json = await bench.run('npx', ['fr-admin', 'buckets', '--data', data, '--json'], {
          cwd: project,
        });
        const seen = (JSON.parse(json) as { rows: readonly { name: string; hits: number }[] }).rows;
        return seen.length > 0 ? seen : undefined;
      },
      90_000,
    );
    expect(buckets).toHaveLength(1);
    expect(buckets[0]).toMatchObject({ hits: 1, name: expect.stringContaining('total') });

    const status = await until(
      'the reporter has settled the failure',
      async () => {
        const command = ['fr-reporter', 'status', '--spool', spool, '--json'];
        const json = await bench.run('npx', command, { cwd: project });
        const seen = JSON.parse(json) as { waiting: readonly object[]; receipts: readonly object[] };
        return seen.waiting.length === 0 ? seen : undefined;
      },
      90_000,
    );
    expect(status.receipts).toHaveLength(1);
  });
});

/** What a bundled file imports: statically, for its effect, dynamically or by `require`. */
function importsOf(text: string): readonly string[] {
  const found = text.matchAll(
    /^(?:import|export)\b[^;'"]*["']([^"']+)["']|\b(?:import|require)\(\s*["']([\w@:./-]+)["']/gm,
  );
  return [...new Set([...found].map(([, named, called]) => named ?? called ?? ''))].sort();
}

/** Waits for the `ready` line. */
async function readyUrl(server: ChildProcess): Promise<string> {
  let output = '';
  for (const stream of [server.stdout, server.stderr])
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
  return until(
    'fr-admin is ready',
    async () => {
      if (server.exitCode !== null) throw new Error(`fr-admin ended before it was ready\n${output}`);
      return /^ready (http:\S+)$/m.exec(output)?.[1];
    },
    60_000,
  );
}
