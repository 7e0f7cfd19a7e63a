import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** How a process ended and what it printed. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Most of what a short command does is to compile itself: what one has compiled the next takes from here. */
const COMPILED = fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url));

/** Environment for a child: ours without anything of fr in it, plus what is given. */
export function cleanEnvironment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const own = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('FR_') && name !== 'NODE_OPTIONS',
  );
  return { ...(Object.fromEntries(own) as Record<string, string>), NODE_COMPILE_CACHE: COMPILED, ...extra };
}

/** Runs a program with Node to its end. */
export function runNode(
  words: readonly string[],
  options: { cwd?: string; env?: Readonly<Record<string, string>>; input?: string } = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, words, {
      cwd: options.cwd,
      env: cleanEnvironment(options.env),
      stdio: 'pipe',
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', reject);
    child.on('close', (code, signal) =>
      resolve({
        code,
        signal,
        stdout: Buffer.concat(stdout).toString('utf8'),
        stderr: Buffer.concat(stderr).toString('utf8'),
      }),
    );
    child.stdin.end(options.input);
  });
}

/** Runs one of our commands; throws with what it printed unless it exits 0. */
export async function command(
  bin: string,
  words: readonly string[],
  env?: Readonly<Record<string, string>>,
): Promise<string> {
  const ended = await runNode([bin, ...words], env === undefined ? {} : { env });
  if (ended.code === 0) return ended.stdout;
  throw new Error(
    `${bin.split('/').at(-1)} ${words.join(' ')} exited ${ended.code ?? ended.signal}\n${ended.stderr}${ended.stdout}`,
  );
}

/** The one JSON value a command prints with `--json`. The caller knows its shape from the documents. */
export async function commandJson<T>(bin: string, words: readonly string[]): Promise<T> {
  return JSON.parse(await command(bin, [...words, '--json'])) as T;
}

/** Polls until the check gives a value; throws what was awaited when it never does. */
export async function until<T>(
  what: string,
  check: () => Promise<T | undefined>,
  timeoutMs = 60_000,
): Promise<T> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const value = await check();
    if (value !== undefined) return value;
    if (Date.now() > end) throw new Error(`waited ${timeoutMs} ms for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
