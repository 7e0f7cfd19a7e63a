/** Runtimes without a page: Nodes, Bun and Deno, and running a program on one of them until it fails. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ErrorFacts } from '@fr/bucket';
import { installNodes, nodeOf } from '../../generate/nodes.ts';
import type { Sandbox } from '../../generate/sandbox.ts';

export interface Runtime {
  /** Name and version, for people. */
  readonly name: string;
  readonly command: (capture: string, entry: string) => readonly string[];
}

export type RuntimeName = 'node22' | 'node24' | 'node24 with maps' | 'node26' | 'bun' | 'deno';

/** Pinned, because their stacks change between releases. */
const BUN = '1.4.5';
const DENO = '2.9.6';
const PATIENCE_MS = 20_000;
const CAPTURE = join(import.meta.dirname, 'capture-process.cjs');

/** Installs what is missing, by npm. */
export function installRuntimes(): Readonly<Record<RuntimeName, Runtime>> {
  const nodes = installNodes();
  const bun = installed('bun', BUN, 'bin/bun.exe');
  const deno = installed('deno', DENO, 'deno');
  return {
    node22: node(nodeOf(nodes, 22), []),
    node24: node(nodeOf(nodes, 24), []),
    'node24 with maps': node(nodeOf(nodes, 24), ['--enable-source-maps']),
    node26: node(nodeOf(nodes, 26), []),
    bun: { name: `Bun ${BUN}`, command: (capture, entry) => [bun, '--preload', capture, entry] },
    deno: {
      name: `Deno ${DENO}`,
      command: (capture, entry) => [deno, 'run', '-A', '--no-lock', '--preload', capture, entry],
    },
  };
}

export interface Run {
  readonly runtime: Runtime;
  /** Absolute, inside the sandbox. */
  readonly entry: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** What was thrown, with the sandbox's folder taken out of every text; nothing if nothing was. */
export async function failed(sandbox: Sandbox, run: Run): Promise<ErrorFacts | undefined> {
  const file = sandbox.newFile('json');
  const [program = '', ...args] = [...run.runtime.command(CAPTURE, run.entry), ...(run.args ?? [])];
  await new Promise<void>((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: join(run.entry, '..'),
      env: {
        PATH: process.env['PATH'],
        LANG: 'C.UTF-8',
        NO_COLOR: '1',
        DENO_NO_UPDATE_CHECK: '1',
        DENO_DIR: sandbox.outside('/.deno'),
        ...run.env,
        FR_CAPTURE: file,
      },
      stdio: 'ignore',
      timeout: PATIENCE_MS,
      killSignal: 'SIGKILL',
    });
    child.on('error', reject);
    child.on('close', () => resolve());
  });
  if (!existsSync(file)) return undefined;
  const error = JSON.parse(readFileSync(file, 'utf8')) as ErrorFacts;
  rmSync(file);
  return sandbox.seenFromInside(error);
}

function node(runtime: { version: string; executable: string }, flags: readonly string[]): Runtime {
  return {
    name: ['Node', runtime.version, ...flags].join(' '),
    command: (capture, entry) => [runtime.executable, ...flags, '--require', capture, entry],
  };
}

function installed(name: string, version: string, program: string): string {
  const prefix = join(tmpdir(), 'fr-corpus-web', `${name}-${version}`);
  const executable = join(prefix, 'node_modules', name, program);
  if (existsSync(executable)) return executable;
  mkdirSync(prefix, { recursive: true });
  // Their install scripts put the binary in place.
  execFileSync('npm', ['install', `${name}@${version}`, '--prefix', prefix, '--no-audit', '--no-fund'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (!existsSync(executable)) throw new Error(`npm installed ${name}@${version}, but not ${executable}`);
  return executable;
}
