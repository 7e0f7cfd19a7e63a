/**
 * Runs a command as a parent that takes its time: it asks how the command ended only after whoever else wants to know
 * has had the chance to look. `slow-parent.mjs SPOOL COMMAND…`
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [, , spool, command, ...args] = process.argv;
const child = spawn(command, args, { stdio: 'inherit' });
child.on('exit', (code, signal) => {
  if (signal === null) process.exit(code);
  process.kill(process.pid, signal);
});
const asleep = new Int32Array(new SharedArrayBuffer(4));
// The event loop stands still meanwhile, so that nothing asks.
while (lives(child.pid) || isOpen()) Atomics.wait(asleep, 0, 0, 5);

function lives(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
}

/** Whether there is a marker of our child without evidence of its end. */
function isOpen() {
  const runs = join(spool, 'runs');
  if (!existsSync(runs)) return false;
  return readdirSync(runs).some((name) => {
    const base = join(runs, name.replace(/\.[a-z]+$/, ''));
    return !existsSync(`${base}.end`) && isOurs(`${base}.json`, `${base}.left`);
  });
}

function isOurs(...files) {
  return files.some((file) => {
    try {
      return JSON.parse(readFileSync(file, 'utf8')).life.pid === child.pid;
    } catch {
      return false;
    }
  });
}
