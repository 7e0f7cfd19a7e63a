import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from '@fr/server/command';
import { onTestFinished, vi } from 'vitest';
import { destinationProgram } from '../../src/program.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** How a command ended and what it printed. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Environment = Readonly<Record<string, string>>;

function start(words: readonly string[], env: Environment = {}): ChildProcess {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(FR_|NODE_OPTIONS)/.test(name));
  return spawn(process.execPath, ['-C', '@fr/source', MAIN, ...words], {
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: 'pipe',
  });
}

/** Runs `fr-destination` from its sources to its end. */
export async function frDestination(
  words: readonly string[],
  options: { readonly env?: Environment; readonly input?: string } = {},
): Promise<Ended> {
  const child = start(words, options.env);
  const printed = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => {
    printed.stdout += chunk.toString('utf8');
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    printed.stderr += chunk.toString('utf8');
  });
  child.stdin?.end(options.input);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...printed };
}

/** Runs it inside the test's process, which is much cheaper: for commands that neither serve nor read stdin. */
export async function frDestinationHere(words: readonly string[], env: Environment = {}): Promise<Ended> {
  const printed = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((chunk) => {
      printed[stream] += String(chunk);
      return true;
    }),
  );
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const before = process.exitCode;
  process.exitCode = 0;
  try {
    const code = await runProgram(destinationProgram(), words);
    return { code, ...printed };
  } finally {
    process.exitCode = before;
    vi.unstubAllEnvs();
    for (const spy of spies) spy.mockRestore();
  }
}

/** Runs it with `--json`; stdout has to be exactly one value. */
export async function frDestinationJson<T>(words: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await frDestinationHere([...words, '--json']);
  if (code !== 0) throw new Error(`fr-destination ${words.join(' ')} exited ${code}: ${stderr}`);
  return JSON.parse(stdout) as T;
}

/** A destination server in a process of its own. */
export interface Served {
  readonly url: string;
  readonly stderr: () => string;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
}

/** Starts `fr-destination serve` on a free port and waits for its `ready` line. */
export async function serveVendor(words: readonly string[], env: Environment = {}): Promise<Served> {
  const child = start(['serve', '--port', '0', ...words], env);
  const closed = once(child, 'close') as Promise<[number | null]>;
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('utf8');
  });
  const url = await new Promise<string>((resolve, reject) => {
    let stdout = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      stdout += chunk.toString('utf8');
      const ready = /^ready (\S+)$/m.exec(stdout)?.[1];
      if (ready !== undefined) resolve(ready);
    });
    child.once('close', (code) => reject(new Error(`serve ended with ${code}: ${stderr}`)));
  });
  return {
    url,
    stderr: () => stderr,
    async stop() {
      child.kill('SIGTERM');
      return (await closed)[0];
    },
  };
}

/** A folder that is gone after the test (or, from a hook, after the file's `remove`). */
export async function newFolder(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'fr-destination-test-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** For one test. */
export async function testFolder(): Promise<string> {
  const folder = await newFolder();
  onTestFinished(() => folder.remove());
  return folder.path;
}
