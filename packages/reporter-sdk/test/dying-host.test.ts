import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'tsup';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BUILT } from './support/built.ts';
import { HOSTS, run, runHost, runWatched, temporaryFolder, until } from './support/process.ts';
import { type Site, startSite } from './support/site.ts';
import { spoolState } from './support/spooled.ts';

const NOTHING = 'data:text/javascript,';

let site: Site;
beforeEach(async () => {
  site = await startSite();
});
afterEach(() => site.close());

describe('a program that dies', () => {
  it.each([
    ['undefined-property.cjs', '--require', 1],
    ['undefined-property.cjs', '--import', 1],
    ['undefined-property.mjs', '--import', 1],
    ['rejection.mjs', '--import', 1],
    ['throws-null.cjs', '--require', 1],
    ['throwing-getters.cjs', '--require', 1],
    ['proxy.cjs', '--require', 1],
    ['prepare-stack-trace.cjs', '--require', 1],
    ['stack-overflow.cjs', '--require', 1],
    ['own-handler.cjs', '--require', 1],
    ['cyclic.cjs', '--require', 1],
    ['thrown-object.mjs', '--import', 1],
    ['crash-in-exit.cjs', '--require', 1],
    ['no-stack.cjs', '--require', 1],
    ['long-message.cjs', '--require', 1],
  ])('%s with %s ends and speaks as on bare Node, and is counted', async (name, flag, failures) => {
    const host = join(HOSTS, name);
    const spool = join(temporaryFolder(), 'spool');
    // With --import Node loads CommonJS programs another way and prints other frames, with or without us.
    const bare = await run(
      flag === '--import' && name.endsWith('.cjs') ? ['--import', NOTHING, host] : [host],
    );
    const watched = await runWatched([host], env(site, spool), flag);
    expect(watched).toEqual(bare);
    expect(bare.code).not.toBe(0);
    await until(() => site.hits.length === failures, `${failures} hits`);
    expect(site.hits.map(({ count }) => count)).toEqual(Array(failures).fill(1));
    await until(() => spoolState(spool).receipts.length === failures, 'everything settled');
  });

  it('ends and speaks the same with init(), called twice', async () => {
    const spool = join(temporaryFolder(), 'spool');
    const bare = await runHost('with-init.mjs', { FR_DISABLED: '1' });
    const watched = await runHost('with-init.mjs', env(site, spool));
    expect(watched).toEqual(bare);
    await until(() => site.hits.length === 1, 'one hit');
    expect(site.hits[0]?.bucket).toMatchObject({ program: '@fr/reporter-sdk', location: /checkout/ });
    await until(() => spoolState(spool).waiting.length === 0, 'settled');
  });

  it('may be CommonJS and require the package', async () => {
    const host = join(HOSTS, 'required.cjs');
    const spool = join(temporaryFolder(), 'spool');
    const SDK = join(BUILT, 'index.js');
    const bare = await run([host], { SDK, FR_DISABLED: '1' });
    expect(await run([host], { ...env(site, spool), SDK })).toEqual(bare);
    await until(() => site.hits.length === 1, 'one hit');
    expect(site.hits[0]?.bucket.location).toMatch(/#pay~/);
    await until(() => spoolState(spool).receipts.length === 1, 'settled');
  });

  it('runs and dies undisturbed where Node’s permissions allow it neither to write nor to start anything', async () => {
    const host = join(HOSTS, 'undefined-property.mjs');
    const permissions = ['--permission', '--allow-fs-read=*'];
    const spool = join(temporaryFolder(), 'spool');
    const bare = await run([...permissions, host]);
    expect(await runWatched([host], env(site, spool), [...permissions, '--import'])).toEqual(bare);
    expect(existsSync(spool)).toBe(false);
  });

  it('states whether it died, survived or cannot know', async () => {
    const spool = join(temporaryFolder(), 'spool');
    await runWatched([join(HOSTS, 'survives.mjs')], env(site, spool));
    await until(() => total(site) === 50, 'all 50 occurrences');
    expect(site.hits.length).toBeLessThan(10);
    expect(new Set(site.hits.map(({ outcome }) => outcome))).toEqual(new Set(['survived']));
    await until(() => spoolState(spool).waiting.length === 0, 'settled');
  });

  it('falls into the same bucket from its sources and from every build of them that has its map beside it', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'package.json'), '{"name":"till","version":"1.0.0"}');
    writeFileSync(join(folder, 'main.mjs'), "import { close } from './drawer.mjs';\n\nclose({ till: 1 });\n");
    writeFileSync(
      join(folder, 'drawer.mjs'),
      'export function close(till) {\n  // It was never opened.\n  return till.drawer.shut();\n}\n',
    );
    const programs = [join(folder, 'main.mjs')];
    for (const minify of [false, true]) {
      const outDir = join(folder, `built-${minify}`);
      const entry = [join(folder, 'main.mjs')];
      await build({ entry, outDir, minify, sourcemap: true, format: 'esm', silent: true, config: false });
      programs.push(join(outDir, readdirSync(outDir).find((name) => /js$/.test(name)) ?? ''));
    }
    for (const program of programs) {
      const spool = join(temporaryFolder(), 'spool');
      await runWatched([program], env(site, spool));
      await until(() => spoolState(spool).receipts.length === 1, 'settled');
    }
    expect([...site.counts().values()]).toEqual([3]);
    expect(site.hits[0]?.bucket.location).toMatch(/^drawer#close~/);
  });

  it('touches nothing when no server is set, or fr is disabled, or consent is off', async () => {
    const host = join(HOSTS, 'undefined-property.mjs');
    const folder = temporaryFolder();
    const spool = join(folder, 'spool');
    const bare = await run([host]);
    for (const switchedOff of [{ FR_SERVER: '' }, { FR_DISABLED: '1' }, { FR_CONSENT: 'of' }]) {
      const watched = await runWatched([host], {
        ...env(site, spool),
        ...switchedOff,
      });
      expect(watched).toEqual(bare);
    }
    expect(existsSync(spool)).toBe(false);
    expect(site.requests).toEqual([]);
  });

  it('dies undisturbed where the spool cannot be used, and says so only with FR_DEBUG', async () => {
    const host = join(HOSTS, 'undefined-property.mjs');
    const bare = await run([host]);
    const lost = { ...env(site, '/proc/nowhere/spool') };
    expect(await runWatched([host], lost)).toEqual(bare);
    const debugged = await runWatched([host], { ...lost, FR_DEBUG: '1' });
    expect(debugged.code).toBe(bare.code);
    expect(debugged.stderr).toMatch(/^fr: could not note a failure: .+\n/);
  });
});

function env(at: Site, spool: string): Record<string, string> {
  return { FR_SERVER: at.url, FR_KEY: at.token, FR_SPOOL_DIR: spool };
}

function total(at: Site): number {
  return at.hits.reduce((sum, { count }) => sum + count, 0);
}
