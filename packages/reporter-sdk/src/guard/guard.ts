/**
 * The guard as the host sees it: a shell at the other end of a pipe. It is told what to do in single lines and learns
 * of the host's end from the pipe itself, which no child of the host inherits and which keeps no host alive.
 * @module
 */
import { fs } from '../builtin.ts';
import type { ReporterCommand } from '../host/launch.ts';
import { GUARD_SCRIPT } from './guard-script.ts';
import { processStat } from './process-stat.ts';
import type { RunMarker } from './run-marker.ts';

/** A guard that was launched. */
export interface Guard extends NonNullable<RunMarker['guard']> {
  /** Whether the line could be handed over; false where the guard is gone. Never blocks and never throws. */
  tell(line: 'deliver' | 'later' | `bye ${number}`): boolean;
  /** Closes the pipe while the host lives on. */
  dismiss(): void;
}

/**
 * Launches a guard for this process in a session of its own; nothing where there is no shell or no /proc.
 * Costs a fork, which blocks for 45 µs per MiB of the host's memory: made at the start, when there is little of it.
 */
export function launchGuard(
  started: string,
  markerBase: string,
  { file, args, env }: ReporterCommand,
): Guard | undefined {
  if (process.platform !== 'linux' || started === '') return undefined;
  const { spawn } = process.getBuiltinModule('node:child_process');
  const child = spawn(
    '/bin/sh',
    ['-c', GUARD_SCRIPT, 'fr-guard', String(process.pid), started, markerBase, file, ...args],
    { cwd: '/', detached: true, stdio: ['pipe', 'ignore', 'ignore'], env },
  );
  // Without a listener a failed launch would become an uncaught exception of the host.
  child.on('error', () => undefined);
  const { pid, stdin } = child;
  if (pid === undefined || stdin === null) return undefined;
  stdin.on('error', () => undefined);
  child.unref();
  const handle = (stdin as { readonly _handle?: PipeHandle })._handle;
  handle?.unref();
  return {
    pid,
    started: processStat(pid)?.started ?? '',
    tell: (line) => handle !== undefined && written(handle.fd, line),
    dismiss: () => {
      stdin.destroy();
    },
  };
}

interface PipeHandle {
  /** -1 once the pipe is closed. */
  readonly fd: number;
  unref(): void;
}

/** Straight to the descriptor, which does not block: a dying process has no event loop that could write for it. */
function written(descriptor: number, line: string): boolean {
  try {
    return fs.writeSync(descriptor, `${line}\n`) === line.length + 1;
  } catch {
    return false;
  }
}
