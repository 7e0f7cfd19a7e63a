/**
 * Runs a command without being noticed: it has our stdin, stdout and stderr themselves, gets the signals we get, and its
 * environment says who supervises it. Only where its last lines are to be kept does its stderr pass through us, each
 * chunk written on before anything else happens; never where stderr is a terminal, which a command may treat otherwise.
 * @module
 */
import { spawn } from 'node:child_process';
import { writeSync } from 'node:fs';
import { LineTail } from './line-tail.ts';

/** Signals that are handed on. */
export const FORWARDED: readonly NodeJS.Signals[] = [
  'SIGTERM',
  'SIGINT',
  'SIGHUP',
  'SIGQUIT',
  'SIGUSR1',
  'SIGUSR2',
  'SIGWINCH',
];
/** A terminal gives these to the command itself, which must not get them twice. */
const FROM_TERMINAL = new Set<NodeJS.Signals>(['SIGINT', 'SIGQUIT', 'SIGWINCH']);
/** What the command wrote just before its end is in the pipe already; only a process it has left behind writes on. */
const DRAIN_MS = 200;

/** How a command ended. */
export interface End {
  readonly pid: number;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Its last lines on stderr, where they were kept. */
  readonly tail?: string;
}

/** Runs a command to its end. `keepTail` asks for its last lines on stderr. */
export function supervise(
  command: string,
  args: readonly string[],
  options: { readonly run: string; readonly keepTail: boolean },
): Promise<End | 'not-found'> {
  const env = { ...process.env, FR_RUN: options.run, FR_SUPERVISOR: String(process.pid) };
  const throughUs = options.keepTail && !process.stderr.isTTY;
  return new Promise((resolve) => {
    // Before the command is there: a signal that came while it is being started would end us and leave it behind.
    for (const signal of FORWARDED) {
      process.on(signal, () => {
        if (!(process.stdin.isTTY && FROM_TERMINAL.has(signal))) child.kill(signal);
      });
    }
    const child = spawn(command, args, {
      stdio: ['inherit', 'inherit', throughUs ? 'pipe' : 'inherit'],
      env,
    });
    const tail = new LineTail();
    const { stderr } = child;
    stderr?.on('data', (chunk: Buffer) => {
      tail.add(chunk);
      // Where nobody reads on, the command shall find out as if we were not there.
      if (!passedOn(chunk)) stderr.destroy();
    });
    child.on('error', () => resolve('not-found'));
    child.on('exit', (code, signal) => {
      const end = (): void => {
        resolve({ pid: child.pid ?? 0, code, signal, ...(stderr === null ? {} : { tail: tail.text() }) });
      };
      if (stderr === null || stderr.closed) end();
      else {
        stderr.once('close', end);
        setTimeout(end, DRAIN_MS);
      }
    });
  });
}

/** Writes it all, waiting where the reader of our stderr is slow, as the command itself would have. */
function passedOn(chunk: Uint8Array): boolean {
  let from = 0;
  while (from < chunk.length) {
    try {
      from += writeSync(2, chunk, from);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) return false;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
  return true;
}
