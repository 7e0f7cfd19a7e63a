import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { cleanEnvironment } from './run.ts';

/** A server of fr in a process of its own. */
export interface ServerProcess {
  /** As printed behind `ready`. */
  readonly url: string;
  readonly pid: number;
  /** Everything it wrote to stderr so far. */
  stderr(): string;
  /** SIGTERM; resolves with the exit code after it drained. */
  stop(): Promise<number | null>;
  /** SIGKILL: no goodbye. */
  kill(): Promise<void>;
}

/** Starts `BIN serve …` and waits for its `ready` line. */
export async function startServer(bin: string, words: readonly string[]): Promise<ServerProcess> {
  const child = spawn(process.execPath, [bin, 'serve', ...words], {
    env: cleanEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const errors: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  const stderr = (): string => Buffer.concat(errors).toString('utf8');
  const url = await readyLine(child, stderr);
  const ended = once(child, 'exit');
  return {
    url,
    pid: child.pid ?? -1,
    stderr,
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

async function readyLine(child: ChildProcess, stderr: () => string): Promise<string> {
  const lines = createInterface({ input: child.stdout as NonNullable<ChildProcess['stdout']> });
  for await (const line of lines) {
    const url = /^ready (http:\S+)$/.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`the server ended before it was ready\n${stderr()}`);
}
