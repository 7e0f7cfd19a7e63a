/**
 * A place for a release that leaves no trace: a temporary folder with a HOME of its own, in which no setting, key or
 * cache of the person who runs it is read or changed. Only which registry their npm uses is asked for, once, before.
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { cleanEnvironment } from '@fr/test-harness';

/** Where and how a program is run on the bench. */
export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Exit codes that are no error; 0 alone by default. */
  readonly exits?: readonly number[];
}

/** The folder, and what runs in it. */
export interface Bench {
  readonly folder: string;
  readonly home: string;
  /** The registry that npm is set to on this machine. */
  readonly upstream: string;
  /** Starts a program in a process group of its own, which `close` ends. */
  start(program: string, words: readonly string[], options: RunOptions): ChildProcess;
  /** Runs a program to its end and gives its stdout; throws with all it printed on another exit code than expected. */
  run(program: string, words: readonly string[], options: RunOptions): Promise<string>;
  /** Ends whatever still runs and removes the folder. */
  close(): Promise<void>;
}

/** Makes the folder. */
export async function openBench(): Promise<Bench> {
  const upstream = await outside('npm', ['config', 'get', 'registry']);
  // Whom npm trusts, the local registry has to trust as well when it asks there on npm's behalf.
  const authorities = await outside('npm', ['config', 'get', 'cafile']);
  const pnpm = await outside('npx', ['-y', '-p', 'pnpm@12', '-c', 'command -v pnpm']);
  const folder = await mkdtemp(join(tmpdir(), 'fr-release-'));
  const home = join(folder, 'home');
  await mkdir(home);
  const trust = authorities === 'null' || authorities === '' ? {} : { NODE_EXTRA_CA_CERTS: authorities };
  const environment = { ...trust, ...benchEnvironment(home, dirname(pnpm)) };
  const running = new Set<ChildProcess>();
  process.once('exit', () => running.forEach(endGroup));

  function start(program: string, words: readonly string[], options: RunOptions): ChildProcess {
    const env = { ...environment, ...options.env };
    const child = spawn(program, words, { cwd: options.cwd, env, stdio: 'pipe', detached: true });
    running.add(child);
    child.once('close', () => running.delete(child));
    return child;
  }

  return {
    folder,
    home,
    upstream,
    start,
    run: (program, words, options) => ending(start(program, words, options), program, words, options.exits),
    async close() {
      const ended = [...running].map((child) => new Promise((resolve) => child.once('close', resolve)));
      for (const child of running) endGroup(child);
      await Promise.all(ended);
      // A reporter may still be writing its last line.
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    },
  };
}

/** SIGKILL to a child and all it started: npx and npm do not hand signals down reliably. */
function endGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** Ours without what belongs to the person, to the package manager that runs us, or to a CI that may publish. */
function benchEnvironment(home: string, pnpmFolder: string): Record<string, string> {
  const ours = Object.entries(cleanEnvironment()).filter(
    ([name]) => !/^(npm_|pnpm_|xdg_|actions_|github_|git_(?!ssl)|init_cwd$|node_path$)/i.test(name),
  );
  return {
    ...Object.fromEntries(ours),
    HOME: home,
    PATH: [dirname(process.execPath), pnpmFolder, outerPath()].join(delimiter),
    GIT_CONFIG_NOSYSTEM: '1',
  };
}

/** Without the commands linked in the workspace: they must not stand in for those that get installed. */
function outerPath(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.filter((folder) => !/node_modules[\\/]\.bin[\\/]?$/.test(folder)).join(delimiter);
}

/** Asks the machine's own npm, which finds its settings from where its own Node lies. */
async function outside(program: string, words: readonly string[]): Promise<string> {
  const env = { ...cleanEnvironment(), PATH: outerPath() };
  const child = spawn(program, words, { cwd: tmpdir(), env, stdio: 'pipe' });
  const stdout = await ending(child, program, words);
  return stdout.trim().split('\n').at(-1) ?? '';
}

function ending(
  child: ChildProcess,
  program: string,
  words: readonly string[],
  exits: readonly number[] = [0],
): Promise<string> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdin?.end();
  child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const printed = Buffer.concat(stdout).toString('utf8');
      if (code !== null && exits.includes(code)) return resolve(printed);
      const command = [program, ...words].join(' ');
      reject(new Error(`${command} ended with ${code ?? signal}\n${Buffer.concat(stderr)}${printed}`));
    });
  });
}
