/**
 * Runs a server until it is told to stop. Life: listen on the administration socket and the address → announce in
 * the folder → print the `ready` line → on SIGTERM or SIGINT stop listening, finish what is under way, let go of the
 * folder, exit 0. A second signal exits at once.
 * @module
 */
import { chmod, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { CommandError } from './command-error.ts';
import { announceServer, makeSocketFolder, withdrawServer } from './reach/running-server.ts';

/** What is served and where. */
export interface ServeOptions {
  /** Takes reports or offers. */
  readonly app: FastifyInstance;
  /** Administration without a token; listens on the folder's socket only. */
  readonly adminApp: FastifyInstance;
  readonly dir: string;
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  /** Called when the address is known, before the `ready` line. */
  readonly onReady?: (url: string) => void;
  /** Called when it was told to stop and takes no new work; ends what may take long (a pass, say). */
  readonly onStop?: () => Promise<void>;
}

/** Longest wait for requests under way after the signal; whoever sends slower is cut off and tries again later. */
const DRAIN_MS = 10_000;

/** Serves; resolves after a clean stop. However it ends, nothing listens any more; the folder is the caller's to close. */
export async function serve(options: ServeOptions): Promise<void> {
  const { app, adminApp, dir } = options;
  const socketFolder = await makeSocketFolder();
  try {
    const socket = join(socketFolder, 'admin.sock');
    const url = await listen(options, socket);
    await announceServer(dir, { pid: process.pid, url, socket });
    const stopped = stopSignal();
    options.onReady?.(url);
    process.stdout.write(`ready ${url}\n`);
    await stopped;
    await withdrawServer(dir);
    await drain(options);
  } finally {
    await Promise.all([app.close(), adminApp.close()]);
    await rm(socketFolder, { recursive: true, force: true });
  }
}

async function drain({ app, adminApp, onStop }: ServeOptions): Promise<void> {
  const servers = [app, adminApp];
  const late = setTimeout(() => {
    for (const { server } of servers) server.closeAllConnections();
  }, DRAIN_MS);
  // A connection whose last request was answered meanwhile would be kept for the next one.
  const idle = setInterval(() => {
    for (const { server } of servers) server.closeIdleConnections();
  }, 100);
  try {
    const closing = servers.map((each) => each.close());
    await Promise.all([...closing, onStop?.()]);
  } finally {
    clearTimeout(late);
    clearInterval(idle);
  }
}

async function listen(options: ServeOptions, socket: string): Promise<string> {
  const { app, adminApp, host, port } = options;
  await adminApp.listen({ path: socket });
  await chmod(dirname(socket), 0o700);
  await chmod(socket, 0o600);
  await app.listen({ host, port }).catch((cause: unknown) => {
    throw listenProblem(cause, host, port);
  });
  const address = app.server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return `http://${host.includes(':') ? `[${host}]` : host}:${bound}`;
}

function listenProblem(cause: unknown, host: string, port: number): CommandError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'EADDRINUSE') {
    return new CommandError(
      'failed',
      `port ${port} on ${host} is taken; stop whatever uses it, or choose another with --port (0 picks a free one)`,
      { cause },
    );
  }
  if (code === 'EACCES')
    return new CommandError(
      'failed',
      `port ${port} needs rights this user does not have; choose one above 1023`,
      { cause },
    );
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new CommandError(
      'failed',
      `"${host}" is not an address of this machine; use --host 127.0.0.1, or 0.0.0.0 for all it has`,
      { cause },
    );
  const why = cause instanceof Error ? cause.message : String(cause);
  return new CommandError('failed', `cannot listen on ${host}:${port}: ${why}`, { cause });
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const stop = (): void => {
      if (asked) process.exit(1);
      asked = true;
      resolve();
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  });
}
