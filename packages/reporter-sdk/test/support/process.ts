import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { BUILT, PACKAGE } from './built.ts';

// Real processes on a busy machine: patience costs nothing where all goes well.
vi.setConfig({ testTimeout: 60_000 });

/**
 * The Node that runs programs and fr-reporter: another than the one that runs the tests where FR_TEST_NODE has its path.
 * One for the whole run, so that every test says something about it.
 */
export const NODE: string = process.env['FR_TEST_NODE'] || process.execPath;

/** How a process ended and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What `--import` and `--require` load. */
export const REGISTER: string = join(BUILT, 'register.js');
/** A parent that asks late how its child has ended. */
export const SLOW_PARENT: string = join(PACKAGE, 'test/support/slow-parent.mjs');
/** Folder of the programs that die. */
export const HOSTS: string = join(PACKAGE, 'test/hosts');

/** A process that runs, and its end. */
export interface Running {
  readonly pid: number;
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<Ended>;
}

/** Starts Node with an environment that holds nothing but what is given. */
export function start(
  args: readonly string[],
  env: Record<string, string> = {},
  cwd = PACKAGE,
  node = NODE,
): Running {
  return started(node, args, env, cwd);
}

/** Starts any command in the same way. */
export function started(
  command: string,
  args: readonly string[],
  env: Record<string, string>,
  cwd = PACKAGE,
): Running {
  const child = spawn(command, args, {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return {
    pid: child.pid ?? 0,
    kill: (signal) => {
      child.kill(signal);
    },
    ended,
  };
}

/** Runs Node to its end. */
export function run(
  args: readonly string[],
  env?: Record<string, string>,
  cwd?: string,
  node?: string,
): Promise<Ended> {
  return start(args, env, cwd, node).ended;
}

/** Runs a program with fr switched on from outside. */
export function runWatched(
  program: readonly string[],
  env: Record<string, string>,
  flags: string | readonly string[] = '--import',
): Promise<Ended> {
  return run([flags, REGISTER, ...program].flat(), env);
}

/** Runs one of the programs that use fr in their own code; its `@fr/reporter-sdk` is the source of this package. */
export function runHost(name: string, env: Record<string, string>): Promise<Ended> {
  return run(['-C', '@fr/source', join(HOSTS, name)], env);
}

/** Starts `fr-reporter`. */
export function startReporter(args: readonly string[], env: Record<string, string> = {}): Running {
  return start([join(BUILT, 'fr-reporter.js'), ...args], env);
}

/** Runs `fr-reporter` to its end. */
export function runReporter(args: readonly string[], env?: Record<string, string>): Promise<Ended> {
  return startReporter(args, env).ended;
}

/** A folder of its own for a test, gone afterwards. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fr-reporter-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** Waits until something is so; fails after half a minute. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`did not happen: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
