/** Runs a program until it dies, and brings back the failure that killed it. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ErrorFacts } from '@fr/bucket';
import type { NodeRuntime } from './nodes.ts';
import type { Sandbox } from './sandbox.ts';

export interface Run {
  readonly node: NodeRuntime;
  /** Absolute, inside the sandbox. */
  readonly cwd: string;
  readonly entry: string;
  readonly args?: readonly string[];
  /** For Node, before the entry. */
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Error.stackTraceLimit from the first line of the program on; Node's own (10) when left out. */
  readonly stackLimit?: number;
}

export interface Death {
  /** What was thrown, with the sandbox's folder taken out of every text; nothing if nothing was. */
  readonly error: ErrorFacts | undefined;
  readonly stderr: string;
}

const CAPTURE = fileURLToPath(new URL('./capture.cjs', import.meta.url));
const PATIENCE_MS = 60_000;

export async function runUntilDeath(sandbox: Sandbox, run: Run): Promise<Death> {
  const file = sandbox.newFile('facts.json');
  const stderr = await exited(run, file);
  if (!existsSync(file)) return { error: undefined, stderr };
  const error = JSON.parse(readFileSync(file, 'utf8')) as ErrorFacts;
  rmSync(file);
  return { error: sandbox.seenFromInside(error), stderr };
}

function exited(run: Run, file: string): Promise<string> {
  const args = ['--require', CAPTURE, ...(run.flags ?? []), run.entry, ...(run.args ?? [])];
  const limit = run.stackLimit === undefined ? {} : { FR_STACK_LIMIT: String(run.stackLimit) };
  return new Promise((resolve, reject) => {
    const child = spawn(run.node.executable, args, {
      cwd: run.cwd,
      env: { PATH: process.env['PATH'], LANG: 'C.UTF-8', ...run.env, ...limit, FR_CAPTURE: file },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: PATIENCE_MS,
      killSignal: 'SIGKILL',
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', () => resolve(stderr));
  });
}
