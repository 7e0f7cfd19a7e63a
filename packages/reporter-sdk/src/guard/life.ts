import { fs } from '../builtin.ts';
import { processStat } from './process-stat.ts';

/** One process among all that there ever were, as far as the system can tell. Empty where it cannot. */
export interface Life {
  /** Id of the machine's boot. */
  readonly boot: string;
  /** Process ids mean something in one pid namespace only: each container has its own. */
  readonly namespace: string;
  /** Name of the machine, which matters for process 1 of a container only and is empty for others. */
  readonly machine: string;
  readonly pid: number;
  /** Field 22 of /proc/PID/stat. */
  readonly started: string;
}

/** What became of a process: `elsewhere` where it cannot be asked from here. */
export type Fate = 'alive' | 'gone' | 'rebooted' | 'elsewhere';

/** The process that asks. */
export function ownLife(): Life {
  return { ...here(), pid: process.pid, started: processStat('self')?.started ?? '' };
}

/**
 * Looks after a process. One of another pid namespace cannot be looked at: it is taken for gone only where it was called
 * like us on a machine called like this one, which is how a container looks that was started again.
 */
export function fateOf(life: Life, own: Life = ownLife()): Fate {
  if (life.boot !== own.boot) return 'rebooted';
  if (life.namespace !== own.namespace)
    return life.pid === 1 && life.machine !== '' && life.machine === machineName() ? 'gone' : 'elsewhere';
  return isAlive(life) ? 'alive' : 'gone';
}

/** Whether a process of our own pid namespace lives. */
export function isAlive({ pid, started }: Pick<Life, 'pid' | 'started'>): boolean {
  if (started === '') return answers(pid);
  const stat = processStat(pid);
  return stat !== undefined && stat.started === started && stat.state !== 'Z' && stat.state !== 'X';
}

function answers(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function here(): Pick<Life, 'boot' | 'namespace' | 'machine'> {
  return {
    boot: textOf(() => fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
    namespace: textOf(() => fs.readlinkSync('/proc/self/ns/pid')),
    machine: process.pid === 1 ? machineName() : '',
  };
}

function machineName(): string {
  return textOf(() => fs.readFileSync('/proc/sys/kernel/hostname', 'utf8'));
}

function textOf(read: () => string): string {
  try {
    return read().trim();
  } catch {
    return '';
  }
}
