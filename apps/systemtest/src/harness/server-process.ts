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
}

/** Starts `BIN serve …` and waits for its `ready` line. */
export async function startServer(
  bin: string,
  words: readonly string[],
  options: StartOptions = {},
): Promise<ServerProcess> {
  const { log } = options;
  const out = log === undefined ? 'pipe' : openSync(log, 'a', 0o600);
  const child = spawn(process.execPath, [bin, 'serve', ...words], {
    env: cleanEnvironment(),
    stdio: ['ignore', out, out],
    detached: log !== undefined,
  });
  const ended = once(child, 'exit');
  const printed: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => printed.push(chunk));
  const output = (): string =>
    log === undefined ? Buffer.concat(printed).toString('utf8') : readFileSync(log, 'utf8');
  if (log !== undefined) child.unref();
  const url = await until(`${bin.split('/').at(-1)} is ready`, async () => readyUrl(child, output()));
  return {
    url,
    pid: child.pid ?? -1,
    output,
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
