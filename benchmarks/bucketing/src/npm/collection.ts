/** Failures inside, through and around npm packages: `faults/npm`, run with the packages of `programs.ts`. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Case, Corpus } from '../case.ts';
import { type Death, runUntilDeath } from '../generate/child.ts';
import { installNodes, type NodeRuntime, nodeOf } from '../generate/nodes.ts';
import { allOf } from '../generate/pool.ts';
import { readableAt } from '../generate/readable-files.ts';
import { Sandbox } from '../generate/sandbox.ts';
import { TextCollector } from '../generate/texts.ts';
import { type Deployment, whileDeployed } from './deployment.ts';
import { moduleVersions } from './module-versions.ts';
import { type Attempt, type PlannedCase, plannedCases, type Setup } from './plan.ts';
import { FAULTS, PROGRAMS, type Program } from './programs.ts';
import { rewritten } from './rewrites.ts';

/** A failure that was seen, before it becomes one or more cases. */
interface Seen {
  readonly observed: Case;
  readonly folder: string;
  readonly versions: Readonly<Record<string, string>>;
}

interface Workshop {
  readonly sandbox: Sandbox;
  readonly nodes: readonly NodeRuntime[];
  readonly texts: TextCollector;
}

interface FaultPlan {
  readonly fault: string;
  readonly cases: readonly PlannedCase[];
}

/** Layouts whose paths name the versions; a host there need not look them up. */
const TELLING: readonly string[] = ['pnpm', 'yarn-pnp'];

const TRIES = 3;

/** Installs, runs and gathers: minutes. The order of faults and cases is that of the programs' inputs and of the plan. */
export async function npmCollection(): Promise<Corpus> {
  const workshop = {
    sandbox: new Sandbox('fr-corpus-npm'),
    nodes: installNodes(),
    texts: new TextCollector(),
  };
  try {
    const cases: Case[] = [];
    let turn = 0;
    for (const [place, program] of PROGRAMS.entries()) {
      const plans: FaultPlan[] = [];
      for (const fault of await faultsOf(program)) {
        if (wanted(fault)) plans.push({ fault, cases: plannedCases(program, turn, place) });
        turn += 1;
      }
      cases.push(...(await casesOf(workshop, program, plans)));
    }
    return { cases, texts: workshop.texts.texts };
  } finally {
    workshop.sandbox.remove();
  }
}

async function faultsOf(program: Program): Promise<readonly string[]> {
  const inputs = pathToFileURL(join(FAULTS, program.name, 'inputs.mjs')).href;
  const { faults } = (await import(inputs)) as { readonly faults: Readonly<Record<string, unknown>> };
  return Object.keys(faults);
}

/** While faults are being written, a few are enough. */
function wanted(fault: string): boolean {
  return process.env['FR_CORPUS_FAULTS']?.split(',').includes(fault) ?? true;
}

async function casesOf(
  workshop: Workshop,
  program: Program,
  plans: readonly FaultPlan[],
): Promise<readonly Case[]> {
  const seen = await allRuns(workshop, program, plans);
  return plans.flatMap(({ fault, cases }) =>
    cases.flatMap(({ scope, attempt, rewrite }) => {
      const found = seen.get(runKey(fault, attempt));
      if (found === undefined) return [];
      const { observed, folder, versions } = found;
      const there = rewrite === undefined ? observed : rewritten(rewrite, observed, folder, versions);
      return there === undefined ? [] : [{ ...there, scope }];
    }),
  );
}

/** Every different run of the plans once, setup by setup. */
async function allRuns(
  workshop: Workshop,
  program: Program,
  plans: readonly FaultPlan[],
): Promise<ReadonlyMap<string, Seen>> {
  const setups = new Map<string, Map<string, { readonly fault: string; readonly attempt: Attempt }>>();
  for (const { fault, cases } of plans) {
    for (const { attempt } of cases) {
      const runs = setups.get(setupKey(attempt)) ?? new Map();
      setups.set(setupKey(attempt), runs.set(runKey(fault, attempt), { fault, attempt }));
    }
  }
  const seen = new Map<string, Seen>();
  for (const runs of setups.values()) {
    const setup = [...runs.values()][0]?.attempt;
    if (setup === undefined) continue;
    await whileDeployed(workshop.sandbox, program, setup, async (deployment) => {
      const tasks = [...runs].map(([key, { fault, attempt }]) => async () => {
        const found = await observe(workshop, program, deployment, fault, attempt);
        if (found !== undefined) seen.set(key, found);
      });
      await allOf(tasks);
    });
  }
  return seen;
}

function setupKey({ set, layout, format, version, path }: Setup): string {
  return [set, layout, format, version, path].join(' ');
}

function runKey(fault: string, attempt: Attempt): string {
  const { node, caller, data, route, stackLimit } = attempt;
  return [fault, setupKey(attempt), node, caller, data, route, stackLimit ?? 10].join(' ');
}

/** Runs it until it fails, more than once if need be: on a busy machine a program may not get far in its time. */
async function deathOf(
  { sandbox, nodes }: Workshop,
  { folder, own, flags }: Deployment,
  fault: string,
  attempt: Attempt,
): Promise<Death> {
  const { stackLimit } = attempt;
  const run = {
    node: nodeOf(nodes, attempt.node),
    cwd: sandbox.outside(folder),
    entry: sandbox.outside(join(folder, own.entry)),
    args: [fault, attempt.caller, String(attempt.data), String(attempt.route)],
    flags,
    ...(stackLimit === undefined ? {} : { stackLimit }),
  };
  let death = await runUntilDeath(sandbox, run);
  for (let more = TRIES - 1; more > 0 && death.error === undefined; more -= 1)
    death = await runUntilDeath(sandbox, run);
  return death;
}

async function observe(
  workshop: Workshop,
  program: Program,
  deployment: Deployment,
  fault: string,
  attempt: Attempt,
): Promise<Seen | undefined> {
  const { sandbox, texts } = workshop;
  const { folder, modules, own } = deployment;
  const node = nodeOf(workshop.nodes, attempt.node);
  const { error, stderr } = await deathOf(workshop, deployment, fault, attempt);
  if (error === undefined) {
    console.error(`${fault} did not fail: ${describe(node, folder, attempt)}\n${stderr.slice(0, 500)}`);
    return undefined;
  }
  const { [program.name]: _itself, ...versions } = moduleVersions(sandbox, modules, error);
  const files = [...own.files.keys()]
    .filter((path) => /\.c?js$/.test(path))
    .map((path) => join(folder, path));
  const observed: Case = {
    fault: `npm/${fault}`,
    scope: 'node-version',
    how: describe(node, folder, attempt),
    program: program.name,
    programVersion: attempt.version,
    platform: 'linux',
    error,
    ...(TELLING.includes(attempt.layout) || Object.keys(versions).length === 0 ? {} : { modules: versions }),
    ...readableAt(sandbox, error, { files, manifests: [join(folder, 'package.json')] }, texts),
  };
  return { observed, folder, versions };
}

function describe(node: NodeRuntime, folder: string, attempt: Attempt): string {
  const { layout, format, set, caller, data, route, stackLimit } = attempt;
  const parts = [`node ${node.version}`, format, layout, folder, `${set} packages`, `called ${caller}`];
  if (route !== 0) parts.push(`route ${route}`);
  if (data !== 0) parts.push(`data ${data}`);
  if (stackLimit !== undefined) parts.push(`${stackLimit} frames`);
  return parts.join(', ');
}
