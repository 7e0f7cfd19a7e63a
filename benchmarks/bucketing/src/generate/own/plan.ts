/**
 * What is tried with each fault. One thing varies per scope, the rest stays as the program usually runs: on Node 24, in
 * its own format, at /srv/<program>, from the command line. Which of the many paths, formats and callers a fault gets
 * turns with its number, so that each is met by many faults, but not each by all.
 */
import type { Scope } from '../../case.ts';
import { INSTALL_PATHS } from '../layout.ts';
import { type Fault, FORMATS, type Format, type Program, type Release } from './fault.ts';

/** One way of running a program into a fault. */
export interface Attempt {
  readonly node: number;
  readonly format: Format;
  /** Key of INSTALL_PATHS. */
  readonly path: string;
  /** Key of ENTRIES. */
  readonly entry: string;
  /** Index in MESSAGE_DATA. */
  readonly data: number;
  /** 0 is the fault's own way, above that its `also`. */
  readonly way: number;
  readonly release: Release;
  readonly stackLimit?: number;
}

export interface PlannedCase {
  readonly scope: Scope;
  readonly attempt: Attempt;
  /** For `operating-system`: which of the places to move the case to; stays on Linux when left out. */
  readonly place?: number;
}

const ENTRIES = ['nightly', 'replay', 'deep', 'batch', 'service'];
const AS_PROGRAM = ['global', 'nvm', 'npx', 'pnpmGlobal'];
const ELSEWHERE = Object.keys(INSTALL_PATHS).filter((path) => path !== 'plain' && !AS_PROGRAM.includes(path));
const PLACES = 6;

/** All cases of a fault; `turn` is its number among all faults. */
export function plannedCases(program: Program, fault: Fault, turn: number): readonly PlannedCase[] {
  const usual: Attempt = {
    node: 24,
    format: program.format,
    path: 'plain',
    entry: 'main',
    data: 0,
    way: 0,
    release: '1.0.0',
  };
  const others = FORMATS.filter((format) => format !== program.format);
  const [other = program.format] = turned(others, turn, 1);
  const elsewhere = fault.atOnce || turn % 2 === 0 ? 'deep' : 'replay';
  const nodes = [24, ...turned([18, 20, 22, 26], turn, 3)];
  const formats = [program.format, ...turned(others, turn, 3)];
  return [
    ...scoped(
      'node-version',
      usual,
      nodes.map((node) => ({ node })),
    ),
    ...scoped(
      'install-path',
      usual,
      pathsFor(turn).map((path) => ({ path })),
    ),
    ...scoped(
      'module-format',
      usual,
      formats.map((format) => ({ format })),
    ),
    ...scoped(
      'message-data',
      usual,
      datasFor(turn).map((data) => ({ data })),
    ),
    ...scoped('caller', usual, callers(fault, turn)),
    ...scoped('stack-limit', usual, [
      {},
      ...limits(turn).map((stackLimit) => ({ stackLimit, entry: 'deep' })),
    ]),
    ...scoped('program-version', usual, [
      {},
      { release: '1.1.0' },
      { release: '1.1.0', format: other, node: 22, data: 1, entry: elsewhere },
    ]),
    ...onOtherSystems(usual, other, turn),
  ];
}

function scoped(scope: Scope, usual: Attempt, changes: readonly Partial<Attempt>[]): readonly PlannedCase[] {
  return changes.map((change) => ({ scope, attempt: runnable({ ...usual, ...change }) }));
}

/** Only younger Nodes run TypeScript as it is. */
function runnable(attempt: Attempt): Attempt {
  return attempt.format === 'typescript' && attempt.node < 22 ? { ...attempt, node: 22 } : attempt;
}

function pathsFor(turn: number): readonly string[] {
  return ['plain', ...turned(AS_PROGRAM, turn, 1), ...turned(ELSEWHERE, turn * 3, 3)];
}

/** Tame ones, and two others. */
function datasFor(turn: number): readonly number[] {
  return [0, ...turned([1, 2, 3, 4], turn, 2)];
}

function callers(fault: Fault, turn: number): readonly Partial<Attempt>[] {
  const possible = ENTRIES.filter((entry) => entry !== 'replay' || !fault.atOnce);
  const entries = turned(possible, turn * 2, 2).map((entry) => ({ entry }));
  const ways = (fault.also ?? []).map((_, index) => ({ way: index + 1, data: 1 }));
  const both = ways.slice(-1).map(({ way }) => ({ way, entry: 'replay' }));
  return [{}, ...entries, ...ways, ...both];
}

/** Three frames rarely reach the fault; some programs do set it. */
function limits(turn: number): readonly number[] {
  return [5, 30, ...(turn % 4 === 1 ? [3] : []), ...(turn % 4 === 3 ? [Number.POSITIVE_INFINITY] : [])];
}

function onOtherSystems(usual: Attempt, other: Format, turn: number): readonly PlannedCase[] {
  const scope = 'operating-system';
  const [one = 0, two = 1, three = 2] = turned([...Array(PLACES).keys()], turn * 2, 3);
  return [
    { scope, attempt: usual },
    { scope, attempt: usual, place: one },
    { scope, attempt: { ...usual, format: other }, place: two },
    { scope, attempt: { ...usual, data: 1 }, place: three },
  ];
}

/** So many of a list, from a place on, and round again. */
function turned<T>(list: readonly T[], from: number, count: number): readonly T[] {
  return Array.from(
    { length: Math.min(count, list.length) },
    (_, index) => list[(from + index) % list.length],
  ).filter((item) => item !== undefined);
}
