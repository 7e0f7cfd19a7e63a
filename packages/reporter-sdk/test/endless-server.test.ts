import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { processesOf } from './support/deaths.ts';
import { type Ended, HOSTS, REGISTER, run, runReporter, temporaryFolder, until } from './support/process.ts';
import { type Site, startSite } from './support/site.ts';
import { leaveFailure } from './support/spooled.ts';

const HOST = join(HOSTS, 'undefined-property.cjs');
const WAYS = { silent: 'no answer within 10 s', drips: 'the reply does not come to an end within 10 s' };

let site: Site;
beforeAll(async () => {
  site = await startSite();
  site.intercept = (request, response) => {
    request.resume();
    if (request.url?.startsWith('/drips/')) drip(response);
    return request.url?.startsWith('/drips/') || request.url?.startsWith('/silent/') || false;
  };
});
afterAll(() => site.close());

// They wait for most of their time.
describe.concurrent('a server that does not come to an end', () => {
  it('is given up after half a minute by hand: the failure is kept, and doctor and status say why', async () => {
    const said = Object.entries(WAYS).map(async ([way, why]) => {
      const there = environment(`${way}/by-hand`);
      leaveFailure(there.FR_SPOOL_DIR);
      const [delivered, doctor] = await Promise.all([command('deliver', there), command('doctor', there)]);
      expect(delivered).toMatchObject({ code: 1, stdout: expect.stringContaining('1 waiting\n') });
      expect(delivered.stdout).toContain(`what waits stays in the spool: ${why}`);
      expect(doctor).toMatchObject({ code: 1, stdout: expect.stringContaining(why) });
      expect((await command('status', there)).stdout).toContain(`: ${why}; fr-reporter doctor says what`);
      expect((await command('deliver', { ...there, FR_SERVER: site.url })).code).toBe(0);
    });
    await Promise.all(said);
    expect(site.hits).toHaveLength(2);
  }, 180_000);

  it('changes nothing for the program, whose reporter and guard are gone when its minute is over', async () => {
    const bare = await run([HOST]);
    const ended = Object.keys(WAYS).map(async (way) => {
      const there = environment(`${way}/launched`);
      expect(await run(['--require', REGISTER, HOST], { ...there, FR_GUARD: 'now' })).toEqual(bare);
      await until(
        () => site.requests.some(({ line }) => line.includes(`${way}/launched`)),
        'a reporter that asks',
      );
      const patience = Date.now() + 120_000;
      while (processesOf(there.FR_SPOOL_DIR).length > 0 && Date.now() < patience)
        await new Promise((resolve) => setTimeout(resolve, 500));
      expect(processesOf(there.FR_SPOOL_DIR)).toEqual([]);
      expect((await command('status', there)).stdout).toContain('1 waiting\n');
    });
    await Promise.all(ended);
  }, 180_000);
});

/** Headers at once, then a byte now and then, for as long as anybody listens. */
function drip(response: ServerResponse): void {
  response.on('error', () => undefined);
  response.writeHead(200, { 'content-type': 'application/msgpack' });
  response.write('\x81');
  const timer = setInterval(() => response.write('\x81'), 1_000);
  response.on('close', () => clearInterval(timer));
}

function environment(way: string): Record<'PATH' | 'HOME' | 'FR_SERVER' | 'FR_KEY' | 'FR_SPOOL_DIR', string> {
  const { PATH = '', HOME = '' } = process.env;
  const spool = join(temporaryFolder(), 'spool');
  return { PATH, HOME, FR_SERVER: `${site.url}/${way}`, FR_KEY: site.token, FR_SPOOL_DIR: spool };
}

function command(name: string, env: Record<string, string>): Promise<Ended> {
  return runReporter([name], env);
}
