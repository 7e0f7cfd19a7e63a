/**
 * `node packages/reporter-sdk/scripts/missed-ends.ts [--ends 40] [--busy 0,1,8] [--signal SIGTERM] [--apart]`: how many ends by a
 * signal a guard learns of too late, beside so many busy processes, under a parent that asks at once. See
 * docs/decisions/0008. Needs /proc and a POSIX shell; prints a line for each number of busy processes.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { BUILT, PACKAGE } from '../test/support/built.ts';

const { values } = parseArgs({
  options: {
    ends: { type: 'string', default: '40' },
    busy: { type: 'string', default: '0,1,8' },
    signal: { type: 'string', default: 'SIGTERM' },
    // The kernel shares time out between sessions first, where it groups by them.
    apart: { type: 'boolean', default: false },
  },
});
const ends = Number(values.ends);
const folder = mkdtempSync(join(tmpdir(), 'fr-missed-'));
console.log(
  `${ends} ends by ${values.signal} each, ${availableParallelism()} cores, Node ${process.versions.node}`,
);
try {
  for (const busy of values.busy.split(',').map(Number)) {
    const others = Array.from({ length: busy }, () => spawnBusy());
    try {
      const missed = await missedOf(join(folder, `beside-${busy}`));
      console.log(`beside ${busy} busy: ${missed} missed (${Math.round((missed / ends) * 100)} %)`);
    } finally {
      for (const other of others) other.kill('SIGKILL');
    }
  }
} finally {
  rmSync(folder, { recursive: true, maxRetries: 5 });
}

/** Ends with us. */
function spawnBusy(): ChildProcess {
  const program = `const us = ${process.pid}; for (;;) { try { process.kill(us, 0); } catch { process.exit(); } }`;
  return spawn(process.execPath, ['-e', program], { detached: values.apart, stdio: 'ignore' });
}

/** Ends so many programs, one after the other; what a guard has missed is counted in their spool. */
async function missedOf(spool: string): Promise<number> {
  for (let end = 0; end < ends; end++) {
    // Port 9 refuses: nothing is told to anybody.
    const env = { PATH: process.env['PATH'], FR_SERVER: 'http://127.0.0.1:9', FR_SPOOL_DIR: spool };
    const program = [
      '--require',
      join(BUILT, 'register.cjs'),
      join(PACKAGE, 'test/hosts/deaths/service.cjs'),
    ];
    const host = spawn(process.execPath, program, { env, stdio: 'ignore' });
    await awakeGuard(spool);
    await endedBy(host, values.signal as NodeJS.Signals);
    while (namesIn(join(spool, 'runs')).length > 0) await sleep(20);
  }
  const status = [join(BUILT, 'fr-reporter.js'), 'status', '--json', '--spool', spool];
  const { stdout } = spawnSync(process.execPath, status, { encoding: 'utf8' });
  const { drops } = JSON.parse(stdout) as { readonly drops: { readonly unseen?: number } };
  return drops.unseen ?? 0;
}

async function endedBy(host: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const ended = once(host, 'exit');
  host.kill(signal);
  await ended;
}

/** Waits until the guard has opened what it is going to look at. */
async function awakeGuard(spool: string): Promise<void> {
  for (;;) {
    const [name] = namesIn(join(spool, 'runs')).filter((each) => each.endsWith('.json'));
    const text = name === undefined ? '' : readFileSync(join(spool, 'runs', name), 'utf8');
    const { guard } = JSON.parse(text || '{}') as { readonly guard?: { readonly pid: number } };
    if (guard && existsSync(`/proc/${guard.pid}/fd/9`)) return;
    await sleep(20);
  }
}

function namesIn(path: string): readonly string[] {
  return existsSync(path) ? readdirSync(path) : [];
}
