/**
 * What is tried with each fault. One thing varies per scope; the rest stays as the program usually runs: Node 24, its
 * own format, npm's flat layout, the older packages, /srv/<program>. Long lists take turns among the faults.
 */
import type { Scope } from '../case.ts';
import type { INSTALL_PATHS } from '../generate/layout.ts';
import type { Layout } from './installs.ts';
import type { ProgramVersion } from './own-files.ts';
import type { Format, PackageSet, Program } from './programs.ts';
import type { Rewrite } from './rewrites.ts';

/** A program as it lies somewhere. */
export interface Setup {
  readonly set: PackageSet;
  readonly layout: Layout;
  readonly format: Format;
  readonly version: ProgramVersion;
  readonly path: keyof typeof INSTALL_PATHS;
}

/** One run of it into a fault. */
export interface Attempt extends Setup {
  readonly node: number;
  readonly caller: string;
  readonly data: number;
  readonly route: number;
  readonly stackLimit?: number;
}

export interface PlannedCase {
  readonly scope: Scope;
  readonly attempt: Attempt;
  readonly rewrite?: Rewrite;
}

const FORMATS: readonly Format[] = ['esm', 'cjs', 'dist'];
const ELSEWHERE: readonly Setup['path'][] = [
  'container',
  'blanks',
  'at',
  'umlauts',
  'deep',
  'buildWords',
  'home',
  'parentheses',
];
const AS_PROGRAM: readonly Pick<Setup, 'layout' | 'path'>[] = [
  { layout: 'npm-nested', path: 'plain' },
  { layout: 'npm', path: 'global' },
  { layout: 'npm', path: 'npx' },
];
const CALLERS: readonly Pick<Attempt, 'caller' | 'route'>[] = [
  { caller: 'later', route: 1 },
  { caller: 'nightly', route: 0 },
  { caller: 'mailbox', route: 1 },
  { caller: 'batch', route: 1 },
];
const PLACES = 6;

/** All cases of a fault; `turn` is its number among all faults, `place` the program's number among the programs. */
export function plannedCases(program: Program, turn: number, place: number): readonly PlannedCase[] {
  const usual: Attempt = {
    set: 'older',
    layout: 'npm',
    format: program.format,
    version: '1.0.0',
    path: 'plain',
    node: 24,
    caller: 'now',
    data: 0,
    route: 0,
  };
  const nodes = turn % 2 === 0 ? [18, 22, 24, 26] : [18, 20, 24, 26];
  return [
    ...scoped(
      'node-version',
      nodes.map((node) => ({ ...usual, node })),
    ),
    ...scoped(
      'install-path',
      pathsFor(place).map((path) => ({ ...usual, path })),
    ),
    ...packageManagers(usual, turn),
    ...scoped(
      'module-format',
      FORMATS.map((format) => ({ ...usual, format })),
    ),
    ...scoped(
      'message-data',
      [0, 1, 2].map((data) => ({ ...usual, data })),
    ),
    ...scoped('caller', [usual, ...turned(CALLERS, turn, 2).map((caller) => ({ ...usual, ...caller }))]),
    ...scoped('module-version', [usual, { ...usual, set: 'newer' }, { ...usual, set: 'newer', data: 1 }]),
    ...scoped('program-version', [usual, { ...usual, version: turn % 2 === 0 ? '1.1.0' : '1.2.0' }]),
    ...scoped('stack-limit', [
      usual,
      ...turned([5, 20, 50], turn, 2).map((stackLimit) => ({ ...usual, stackLimit })),
    ]),
    { scope: 'operating-system', attempt: usual },
    ...turned([0, 1, 2, 3, 4, 5], turn * 2, 2).map((place) => otherSystem(usual, place)),
  ];
}

function scoped(scope: Scope, attempts: readonly Attempt[]): readonly PlannedCase[] {
  return attempts.map((attempt) => ({ scope, attempt }));
}

/** The same for all faults of a program, since each path means moving it there. */
function pathsFor(place: number): readonly Setup['path'][] {
  return ['plain', ...turned(ELSEWHERE, place * 3, 3)];
}

function packageManagers(usual: Attempt, turn: number): readonly PlannedCase[] {
  const scope = 'package-manager';
  const pnpm: Attempt = { ...usual, layout: 'pnpm' };
  const attempts = [
    usual,
    pnpm,
    { ...usual, layout: 'yarn-pnp' as const },
    ...turned(AS_PROGRAM, turn, 2).map((as) => ({ ...usual, ...as })),
  ];
  return [
    ...scoped(scope, attempts),
    { scope, attempt: pnpm, rewrite: { to: 'bun' } },
    turn % 2 === 0
      ? { scope, attempt: usual, rewrite: { to: 'deno' } }
      : { scope, attempt: pnpm, rewrite: { to: 'pnpm-global' } },
  ];
}

function otherSystem(attempt: Attempt, place: number): PlannedCase {
  return { scope: 'operating-system', attempt, rewrite: { to: 'system', place: place % PLACES } };
}

/** So many of a list, from a place on, and round again. */
function turned<T>(list: readonly T[], from: number, count: number): readonly T[] {
  return Array.from({ length: count }, (_, index) => list[(from + index) % list.length]).filter(
    (item) => item !== undefined,
  );
}
