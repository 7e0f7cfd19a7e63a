import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** How a process ended and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export const PACKAGE: string = fileURLToPath(new URL('../../', import.meta.url));
const REPORTER = join(PACKAGE, 'src/fr-reporter.ts');
export const REGISTER: string = join(PACKAGE, 'src/register.ts');

/** A process that runs, and its end. */
export interface Running {
  readonly pid: number;
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<Ended>;
}

/** Starts Node (from sources, so that no build is needed) with an environment that holds nothing but what is given. */
export function start(args: readonly string[], env: Record<string, string> = {}, cwd = PACKAGE): Running {
  const child = spawn(process.execPath, args, {
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
export function run(args: readonly string[], env?: Record<string, string>, cwd?: string): Promise<Ended> {
  return start(args, env, cwd).ended;
}

/** A program with fr switched on from outside. */
export function runWatched(
  program: readonly string[],
  env: Record<string, string>,
  cwd?: string,
): Promise<Ended> {
  return run(['-C', '@fr/source', '--import', REGISTER, ...program], env, cwd);
}

/** Starts `fr-reporter`. */
export function startReporter(args: readonly string[], env: Record<string, string> = {}): Running {
  return start(['-C', '@fr/source', REPORTER, ...args], env);
}

/** Runs `fr-reporter` to its end. */
export function runReporter(args: readonly string[], env?: Record<string, string>): Promise<Ended> {
  return startReporter(args, env).ended;
}

/** What `fr-reporter status --json` says. */
export async function statusOf(spool: string): Promise<SpoolStatus> {
  const { stdout, stderr } = await runReporter(['status', '--json', '--spool', spool]);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as SpoolStatus;
}

export interface SpoolStatus {
  readonly waiting: readonly { readonly reportId: string; readonly count: number }[];
  readonly receipts: readonly {
    readonly reportId: string;
    readonly hit: string;
    readonly count: number;
    readonly outcome: string;
    readonly entry?: { readonly result: string; readonly types: readonly string[] };
    readonly notSent: readonly { readonly type: string; readonly why: string }[];
  }[];
  readonly demands: readonly { readonly bucketId: string }[];
  readonly drops: Readonly<Record<string, number>>;
}

/** A folder of its own for a test, gone afterwards. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fr-reporter-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** Waits until something is so; fails after ten seconds. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`did not happen: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
