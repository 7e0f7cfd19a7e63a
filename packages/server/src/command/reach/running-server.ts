/**
 * How a command finds the server that holds a folder. While a server runs, the folder holds `server.json`: its
 * process, its address, and the path of a socket for administration. The socket lies in a folder of its own (0700)
 * under the run-time directory, because a socket's path may have only about 100 characters. The record goes when the
 * server stops; after a kill -9 it stays, and whoever finds nobody listening behind it ignores it.
 * @module
 */
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CommandError } from '../command-error.ts';

/** A server that says it serves a folder. */
export interface RunningServer {
  readonly pid: number;
  /** Where it takes reports, as in `http://127.0.0.1:8787`. */
  readonly url: string;
  /** Path of the administration socket. */
  readonly socket: string;
}

/** Name of the record; it means nothing in another folder. */
export const RECORD = 'server.json';

/** Longest folder in which a socket's path stays below the limit (104 bytes on some systems, 108 on others). */
const LONGEST_PARENT = 80;

/**
 * A new folder only we can enter, for the socket. `XDG_RUNTIME_DIR` may name a folder that is not there (cron, su), and
 * a temporary folder may be too deep: then the next one is tried.
 */
export async function makeSocketFolder(): Promise<string> {
  const parents = [process.env['XDG_RUNTIME_DIR'], tmpdir(), '/tmp'];
  const tried: string[] = [];
  for (const parent of parents) {
    if (!parent || Buffer.byteLength(parent) > LONGEST_PARENT) continue;
    try {
      return await mkdtemp(join(parent, 'fr-'));
    } catch (error) {
      tried.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new CommandError(
    'failed',
    `no folder for the administration socket: ${tried.join('; ')}; set TMPDIR`,
  );
}

/**
 * Writes the record; readers see the old one or the new one, never half of it. Whoever calls it holds the folder, so a
 * record that is still there was left by a server that was killed: its socket's folder is cleared away.
 */
export async function announceServer(dir: string, server: RunningServer): Promise<void> {
  const path = join(dir, RECORD);
  const killed = await findServer(dir);
  // Only ever a folder that this module has made; the record could say anything.
  if (
    killed &&
    /[/\\]fr-[A-Za-z0-9]{6}[/\\]admin\.sock$/.test(killed.socket) &&
    killed.socket !== server.socket
  ) {
    await rm(dirname(killed.socket), { recursive: true, force: true });
  }
  await writeFile(`${path}.tmp`, `${JSON.stringify(server)}\n`, { mode: 0o600 });
  await rename(`${path}.tmp`, path);
}

/** Takes the record back. */
export async function withdrawServer(dir: string): Promise<void> {
  await rm(join(dir, RECORD), { force: true });
}

/** The server that last announced itself for the folder; it may be gone. */
export async function findServer(dir: string): Promise<RunningServer | undefined> {
  try {
    const record: unknown = JSON.parse(await readFile(join(dir, RECORD), 'utf8'));
    return isRunningServer(record) ? record : undefined;
  } catch {
    return undefined;
  }
}

function isRunningServer(value: unknown): value is RunningServer {
  if (typeof value !== 'object' || value === null) return false;
  return (
    'socket' in value &&
    typeof value.socket === 'string' &&
    'url' in value &&
    typeof value.url === 'string' &&
    'pid' in value
  );
}
