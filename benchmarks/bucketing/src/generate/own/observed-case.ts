import { join } from 'node:path';
import type { Case } from '../../case.ts';
import { stacksOf } from '../facts.ts';
import { filesBelow } from '../layout.ts';
import { movedTo, placesOf } from '../operating-system.ts';
import { readableAt } from '../readable-files.ts';
import type { TextCollector } from '../texts.ts';
import type { Observed } from './attempts.ts';
import type { Fault, Program } from './fault.ts';
import { codeRoots } from './module-places.ts';
import type { PlannedCase } from './plan.ts';

/** The one version of everything below `faults/own/modules`. */
const MODULE_VERSION = '1.2.0';

export interface Observation {
  readonly texts: TextCollector;
  readonly program: Program;
  readonly fault: Fault;
  readonly planned: PlannedCase;
  readonly observed: Observed;
  /** Whether the host could read the program's files. */
  readonly readable: boolean;
}

/** Puts together what is known of a failure that was observed. */
export function observedCase(observation: Observation): Case {
  const { program, fault, planned, observed } = observation;
  const { scope, attempt, place } = planned;
  const modules = modulesOf(observed, program);
  const onLinux: Case = {
    fault: `own/${fault.name}`,
    scope,
    how: describe(observation),
    program: program.name,
    programVersion: attempt.release,
    platform: 'linux',
    error: observed.error,
    ...(modules === undefined ? {} : { modules }),
    ...textsOf(observation),
  };
  const there = place === undefined ? undefined : placesOf(program.name)[place];
  return there === undefined
    ? onLinux
    : { ...movedTo(there, observed.installPath, onLinux), how: `${onLinux.how}, moved to ${there.folder}` };
}

function describe({ planned: { attempt }, observed, readable }: Observation): string {
  const parts = [
    `node ${observed.nodeVersion}`,
    attempt.format,
    observed.installPath,
    `by ${attempt.entry}`,
    ...(attempt.way === 0 ? [] : [`way ${attempt.way}`]),
    ...(attempt.data === 0 ? [] : [`data ${attempt.data}`]),
    ...(attempt.stackLimit === undefined ? [] : [`${attempt.stackLimit} frames`]),
    ...(readable ? [] : ['no readable files']),
  ];
  return parts.join(', ');
}

function modulesOf({ error }: Observed, program: Program): Readonly<Record<string, string>> | undefined {
  const stacks = stacksOf(error).join('\n');
  const seen = program.modules.filter((name) => stacks.includes(`node_modules/${name}/`));
  return seen.length === 0 ? undefined : Object.fromEntries(seen.map((name) => [name, MODULE_VERSION]));
}

function textsOf({
  texts,
  program,
  planned,
  observed,
  readable,
}: Observation): Pick<Case, 'sources' | 'maps'> {
  if (!readable) return { sources: {}, maps: {} };
  const { machine, installPath, error } = observed;
  const roots = codeRoots(planned.attempt.path, installPath, program.modules);
  const files = roots
    .flatMap((root) => filesBelow(machine, root))
    .filter((file) => /\.[cm]?[jt]s$/.test(file));
  return readableAt(machine, error, { files, manifests: [join(installPath, 'package.json')] }, texts);
}
