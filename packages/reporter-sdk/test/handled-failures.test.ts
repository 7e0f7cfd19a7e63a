import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run, runHost, temporaryFolder, until } from './support/process.ts';
import { demandFor, type Site, startSite } from './support/site.ts';
import { namesIn, spoolState } from './support/spooled.ts';

let site: Site;
beforeEach(async () => {
  site = await startSite();
});
afterEach(() => site.close());

describe('a program that handles its failures', () => {
  it('is reported although it exits in the next line, and one error object counts once', async () => {
    const { spool, ended } = await runUser('handled-then-exit.mjs');
    expect(ended).toMatchObject({ code: 4, stdout: '', stderr: '' });
    await until(() => site.hits.length === 1, 'one hit');
    expect(site.hits[0]).toMatchObject({ count: 1, outcome: 'handled' });
    await until(() => spoolState(spool).waiting.length === 0, 'settled');
  });

  it('counts ten thousand captures of one fault exactly, in few hits', async () => {
    const { spool, ended } = await runUser('handled-many.mjs');
    expect(ended).toMatchObject({ code: 0, stdout: 'true\n', stderr: '' });
    expect([...site.counts().values()]).toEqual([10_000]);
    expect(site.hits.length).toBeLessThan(20);
    expect(namesIn(spool, 'failures')).toEqual([]);
  });

  it('has nothing to wait for when nothing was captured', async () => {
    const { ended } = await runUser('quiet.mjs');
    expect(ended).toMatchObject({ code: 0, stdout: 'true\n', stderr: '' });
    expect(site.requests).toEqual([]);
  });

  it('learns from flush that the server has not settled', async () => {
    const port = site.port;
    await site.close();
    const spool = join(temporaryFolder(), 'spool');
    const ended = await run(
      [
        '-C',
        '@fr/source',
        '--input-type=module',
        '-e',
        `import { init } from '@fr/reporter-sdk'; const fr = init(); fr.captureException(new Error('down'));
         console.log(await fr.flush(300)); fr.close();`,
      ],
      { FR_SERVER: `http://127.0.0.1:${port}`, FR_SPOOL_DIR: spool },
    );
    expect(ended).toMatchObject({ code: 0, stdout: 'false\n', stderr: '' });
    expect(namesIn(spool, 'failures')).toHaveLength(1);
    site = await startSite({ port });
    await until(() => site.hits.length === 1, 'the reporter that was launched still brings it');
    await until(() => spoolState(spool).waiting.length === 0, 'settled');
  });

  it('takes breadcrumbs along only when they were asked for, and scrubbed', async () => {
    const spool = join(temporaryFolder(), 'spool');
    site.demands = (bucket) => [demandFor(bucket, ['breadcrumbs'], site.key)];
    await runUser('breadcrumbs.mjs', spool);
    await until(() => spoolState(spool).receipts.length === 1, 'the first is settled');
    expect(site.entries).toEqual([]);
    expect(spoolState(spool).receipts[0]?.notSent).toEqual([{ type: 'breadcrumbs', why: 'next-failure' }]);
    await runUser('breadcrumbs.mjs', spool);
    await until(() => spoolState(spool).receipts.length === 2, 'the second is settled');
    expect(site.entries).toHaveLength(1);
    const [crumb] = JSON.parse(site.entries[0]?.parts['breadcrumbs'] ?? '[]');
    expect(crumb).toMatchObject({ message: 'opened the till', data: { drawer: 2 } });
    expect(JSON.stringify(site.entries)).not.toContain('hunter2');
  });
});

async function runUser(
  name: string,
  spool = join(temporaryFolder(), 'spool'),
): Promise<{ spool: string; ended: Awaited<ReturnType<typeof run>> }> {
  const ended = await runHost(name, { FR_SERVER: site.url, FR_KEY: site.token, FR_SPOOL_DIR: spool });
  return { spool, ended };
}
