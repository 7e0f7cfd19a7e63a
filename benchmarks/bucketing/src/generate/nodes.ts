/**
 * The Nodes that programs are made to fail on: exact versions, installed by npm into one folder below the machine's
 * temporary one. Installing them takes a while, so what is there is used again.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface NodeRuntime {
  readonly version: string;
  readonly major: number;
  readonly executable: string;
}

/** One of each line in use. Pinned, because a stack through Node's internals differs between patch releases. */
const NODE_VERSIONS: readonly string[] = ['18.20.8', '20.20.2', '22.23.3', '24.21.0', '26.10.0'];

/** Installs what is missing; about 100 MB and a few seconds per version. */
export function installNodes(folder: string = join(tmpdir(), 'fr-corpus-nodes')): readonly NodeRuntime[] {
  return NODE_VERSIONS.map((version) => installed(folder, version));
}

/** The runtime of a line; throws when it is not among those installed. */
export function nodeOf(nodes: readonly NodeRuntime[], major: number): NodeRuntime {
  const node = nodes.find((candidate) => candidate.major === major);
  if (node === undefined)
    throw new Error(`no Node ${major} among ${nodes.map((one) => one.version).join(', ')}`);
  return node;
}

function installed(folder: string, version: string): NodeRuntime {
  const prefix = join(folder, version);
  const executable = join(prefix, 'node_modules', 'node', 'bin', 'node');
  if (!existsSync(executable)) {
    mkdirSync(prefix, { recursive: true });
    execFileSync('npm', ['install', `node@${version}`, '--prefix', prefix, '--no-audit', '--no-fund'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
  return { version, major: Number.parseInt(version, 10), executable };
}
