/** Runs programs into their faults; what was built, deployed or run once is not done again. */
import { join } from 'node:path';
import type { ErrorFacts } from '@fr/bucket';
import { runUntilDeath } from '../child.ts';
import { deploy, INSTALL_PATHS } from '../layout.ts';
import { type NodeRuntime, nodeOf } from '../nodes.ts';
import { Sandbox } from '../sandbox.ts';
import { built, codeFolder } from './build.ts';
import type { Fault, Program, Way } from './fault.ts';
import { MESSAGE_DATA } from './message-data.ts';
import { placeModules } from './module-places.ts';
import type { Attempt } from './plan.ts';

/** A failure, and where on which imitated machine the program was. */
export interface Observed {
  readonly machine: Sandbox;
  readonly error: ErrorFacts;
  readonly installPath: string;
  readonly nodeVersion: string;
}

export class Attempts {
  readonly #nodes: readonly NodeRuntime[];
  readonly #workshop = new Sandbox('own-corpus');
  /** One per program, format and release, because each may be installed at every path. */
  readonly #machines = new Map<string, Machine>();
  readonly #runs = new Map<string, Promise<Observed>>();

  constructor(nodes: readonly NodeRuntime[]) {
    this.#nodes = nodes;
  }

  /** Takes everything away that was built and installed. */
  remove(): void {
    for (const { machine } of this.#machines.values()) machine.remove();
    this.#workshop.remove();
  }

  /** Throws when the program did not fail, or failed of something else. */
  observe(program: Program, fault: Fault, attempt: Attempt): Promise<Observed> {
    const key = JSON.stringify([fault.name, attempt, String(attempt.stackLimit)]);
    const run = this.#runs.get(key) ?? this.#run(program, fault, attempt);
    this.#runs.set(key, run);
    return run;
  }

  async #run(program: Program, fault: Fault, attempt: Attempt): Promise<Observed> {
    const node = nodeOf(this.#nodes, attempt.node);
    const { machine, build } = this.#machine(program, attempt);
    const installPath = installed(machine, build, program, attempt.path);
    const ending = attempt.format === 'typescript' ? 'ts' : 'js';
    const code = machine.outside(join(installPath, codeFolder(attempt.format)));
    const way = wayOf(fault, attempt.way);
    const data = MESSAGE_DATA[attempt.data];
    if (data === undefined) throw new Error(`no message data ${attempt.data}`);
    const { error, stderr } = await runUntilDeath(machine, {
      node,
      cwd: machine.outside(installPath),
      entry: join(code, `${attempt.entry}.${ending}`),
      args: [way.operation, JSON.stringify(way.input(data))],
      flags: attempt.format === 'mapped' ? ['--enable-source-maps'] : [],
      ...(attempt.stackLimit === undefined ? {} : { stackLimit: attempt.stackLimit }),
    });
    if (error === undefined || !fault.says.test(`${error.name} ${error.code} ${error.message}`))
      throw new Error(`${fault.name} failed otherwise with ${JSON.stringify(attempt)}:\n${stderr}`);
    return { error, machine, installPath, nodeVersion: node.version };
  }

  #machine(program: Program, { format, release }: Attempt): Machine {
    const key = `${program.name} ${release} ${format}`;
    const known = this.#machines.get(key);
    if (known !== undefined) return known;
    const made = {
      machine: new Sandbox('own-corpus'),
      build: built(this.#workshop, program, release, format),
    };
    this.#machines.set(key, made);
    return made;
  }
}

interface Machine {
  readonly machine: Sandbox;
  /** The folder to deploy. */
  readonly build: string;
}

function installed(machine: Sandbox, build: string, program: Program, path: string): string {
  const shape = INSTALL_PATHS[path];
  if (shape === undefined) throw new Error(`no install path ${path}`);
  const installPath = shape(program.name);
  deploy(machine, build, installPath);
  placeModules(machine, path, installPath);
  return installPath;
}

function wayOf(fault: Fault, index: number): Way {
  const way = index === 0 ? fault : fault.also?.[index - 1];
  if (way === undefined) throw new Error(`${fault.name} has no way ${index}`);
  return way;
}
