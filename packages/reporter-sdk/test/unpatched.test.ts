import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { BUILT } from './support/built.ts';
import { HOSTS, run, temporaryFolder } from './support/process.ts';

it('no built-in module, global or prototype is another than before', async () => {
  const env = {
    SDK: join(BUILT, 'index.js'),
    FR_SERVER: 'http://127.0.0.1:9',
    FR_SPOOL_DIR: join(temporaryFolder(), 'spool'),
  };
  const ended = await run(['--no-warnings', join(HOSTS, 'unpatched.cjs')], env);
  expect(ended).toMatchObject({ code: 0, stdout: 'compared true listens true\n' });
});

it('what a host loads asks for built-in modules only', () => {
  const files = ['index', 'register'].flatMap((name) => [`${name}.js`, `${name}.cjs`]);
  for (const file of [...files, 'at-failure.cjs', 'bucketing.cjs', 'hang-watcher.js']) {
    const text = readFileSync(join(BUILT, file), 'utf8');
    const asked = [...text.matchAll(/getBuiltinModule\(["'](?:node:)?([^"']+)["']\)/g)].map(
      ([, name]) => name,
    );
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter((name) => !builtinModules.includes(name ?? ''))).toEqual([]);
    expect(text.match(/^\s*import\b/gm)).toBeNull();
  }
});
