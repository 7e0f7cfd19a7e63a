import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { cleanEnvironment, until } from './run.ts';

/** A server of fr in a process of its own. */
export interface ServerProcess {
  /** As printed behind `ready`. */
  readonly url: string;
  readonly pid: number;
  /** Everything it printed so far. */
  output(): string;
  /** What it said on stderr so far; with `log` the same as {@link output}. */
  stderr(): string;
  /** SIGTERM; resolves with the exit code after it drained. */
  stop(): Promise<number | null>;
  /** SIGKILL: no goodbye. */
  kill(): Promise<void>;
}

/** How a server is started. */
export interface StartOptions {
  /**
   * Writes its output to this file and lets it outlive us; without it the output is read through pipes, and a server
   * that is not stopped ends when writing to them fails.
   */
  readonly log?: string;
  /** Added to its environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts `PROGRAM serve …` and waits for its `ready` line. The program: a script, or Node's own options before one. */
export async function startServer(
  program: string | readonly string[],
  words: readonly string[],
  options: StartOptions = {},
): Promise<ServerProcess> {
  const { log, env } = options;
  const out = log === undefined ? 'pipe' : openSync(log, 'a', 0o600);
  const child = spawn(process.execPath, [...[program].flat(), 'serve', ...words], {
    env: cleanEnvironment(env),
    stdio: ['ignore', out, out],
    detached: log !== undefined,
  });
  const ended = once(child, 'exit');
  const printed: Buffer[] = [];
  const complained: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => printed.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => {
    printed.push(chunk);
    complained.push(chunk);
  });
  const text = (chunks: readonly Buffer[]): string =>
    log === undefined ? Buffer.concat(chunks).toString('utf8') : readFileSync(log, 'utf8');
  const output = (): string => text(printed);
  if (log !== undefined) child.unref();
  const url = await until(`${[program].flat().at(-1)} is ready`, async () => readyUrl(child, output()));
  return {
    url,
    pid: child.pid ?? -1,
    output,
    stderr: () => text(complained),
    async stop() {
      child.kill('SIGTERM');
      const [code] = (await ended) as [number | null];
      return code;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function readyUrl(child: ChildProcess, output: string): string | undefined {
  const url = /^ready (http:\S+)$/m.exec(output)?.[1];
  if (url === undefined && child.exitCode !== null)
    throw new Error(`the server ended before it was ready\n${output}`);
  return url;
}
