/**
 * Every system call of a scenario fails in turn, in every way: the first call of its kind, the second, and so on until
 * the scenario passes untouched.
 * @module
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openEmbeddedStore, verifyStore } from '@fr/store/embedded';
import { startProgram } from '../../support/child.ts';
import { balanceOf, seeded } from '../../support/material.ts';
import { nativeTool } from '../native-tool.ts';
import { cyclesOf, type Extent, type Figures, inCycle } from '../run.ts';
import { SCENARIOS, type ScenarioName } from '../scenarios.ts';

const OPERATIONS = [
  'write',
  'pwrite',
  'fsync',
  'rename',
  'unlink',
  'open',
  'link',
  'mkdir',
  'truncate',
] as const;
const MODES = [
  'eio',
  'enospc',
  'short',
  'torn',
  'before',
  'after',
  'eio for good',
  'enospc for good',
] as const;

/** One way in which one scenario is disturbed. */
export interface Disturbance {
  readonly scenario: ScenarioName;
  readonly op: (typeof OPERATIONS)[number];
  readonly mode: (typeof MODES)[number];
  readonly at: number;
}

/** What the store may answer when its disk fails. */
const ANSWERS: ReadonlySet<string> = new Set([
  'storage-failed',
  'storage-full',
  'read-only',
  'not-found',
  'closed',
  'damaged',
]);

/** All ways, each with its first call; half of a call there is only where bytes are written. */
function disturbances(): readonly Disturbance[] {
  const names = Object.keys(SCENARIOS) as ScenarioName[];
  return names.flatMap((scenario) =>
    OPERATIONS.flatMap((op) =>
      MODES.filter((mode) => op.endsWith('write') || (mode !== 'short' && mode !== 'torn')).map((mode) => ({
        scenario,
        op,
        mode,
        at: 1,
      })),
    ),
  );
}

/** All calls of all kinds; `cycles` bounds the runs. */
export async function everyCall(extent: Extent): Promise<Figures> {
  const workshop = new Workshop(extent.dir);
  const left = [...disturbances()];
  const wanted = left.length;
  let [cycles, deepest] = [0, 0];
  for (const _ of cyclesOf(extent)) {
    const next = left.pop();
    if (!next) break;
    const touched = await workshop.run(next);
    cycles += 1;
    deepest = Math.max(deepest, next.at);
    if (touched) left.push({ ...next, at: next.at + 1 });
  }
  workshop.close();
  return { cycles, ways: wanted, waysLeft: left.length, deepest };
}

/** A sample of the calls, drawn by the seed. */
export async function someCalls(extent: Extent): Promise<Figures> {
  const workshop = new Workshop(extent.dir);
  const random = seeded(extent.seed);
  const ways = disturbances();
  let [cycles, touched] = [0, 0];
  for (const _ of cyclesOf(extent)) {
    const way = ways[Math.floor(random() * ways.length)];
    if (!way) continue;
    // Most kinds of calls come a few times only, `pwrite` and `open` some dozens of times.
    const at = 1 + Math.floor(random() ** 2 * 24);
    if (await workshop.run({ ...way, at })) touched += 1;
    cycles += 1;
  }
  workshop.close();
  return { cycles, touched };
}

/** One disturbance in particular: how a found fault becomes a test. Gives whether there was such a call. */
export async function disturb(dir: string, disturbance: Disturbance): Promise<boolean> {
  const workshop = new Workshop(dir);
  try {
    return await workshop.run(disturbance);
  } finally {
    workshop.close();
  }
}

class Workshop {
  readonly #shim: string;
  readonly #remove: () => void;
  readonly #dir: string;
  #run = 0;

  constructor(dir: string) {
    const tool = nativeTool('shim');
    if (typeof tool === 'string') throw new Error(tool);
    this.#shim = tool.path;
    this.#remove = tool.remove;
    this.#dir = dir;
  }

  close(): void {
    this.#remove();
  }

  /** False when the scenario passed untouched. */
  async run(way: Disturbance): Promise<boolean> {
    this.#run += 1;
    const parent = join(this.#dir, `run-${this.#run}`);
    mkdirSync(parent);
    const name = `${way.scenario}: ${way.op} number ${way.at}, ${way.mode}`;
    const touched = await inCycle(name, () => this.#disturbed(parent, way));
    rmSync(parent, { recursive: true });
    return touched;
  }

  async #disturbed(parent: string, way: Disturbance): Promise<boolean> {
    const dir = join(parent, 'store');
    const log = join(parent, 'log');
    const { before, prepare, check } = SCENARIOS[way.scenario];
    if (way.scenario !== 'ingest') {
      const store = await openEmbeddedStore({ dir });
      await before(store);
      await store.close();
      await prepare?.(dir);
    }
    const [mode = '', ...stays] = way.mode.split(' ');
    const program = startProgram('../faults/programs/scenario.ts', [dir, way.scenario], {
      LD_PRELOAD: this.#shim,
      FAULT_PATH: dir,
      FAULT_OP: way.op,
      FAULT_AT: String(way.at),
      FAULT_MODE: mode,
      FAULT_STAYS: stays.length > 0 ? '1' : '0',
      FAULT_LOG: log,
    });
    const { code, signal } = await program.ended;
    const touched = existsSync(log) && readFileSync(log, 'utf8').length > 0;
    if (signal !== 'SIGKILL') assert.equal(code, 0, `it ended with ${code ?? signal}: ${program.stderr}`);
    const { begun, done } = stepsOf(program.stdout);
    if (!touched) assert.deepEqual(done, begun, 'it failed undisturbed');

    const notices: string[] = [];
    const store = await openEmbeddedStore({ dir, notice: (line) => notices.push(line) });
    try {
      await check(store, begun, done);
      for (const what of ['hits', 'entries'] as const) {
        const { received, settled } = await balanceOf(store, what);
        assert.equal(settled, received, `balance of ${what}`);
      }
      assert.deepEqual([notices, (await verifyStore(store)).ok], [[], true]);
      for (const [, work] of SCENARIOS[way.scenario].steps) await work(store);
      const steps = new Set(SCENARIOS[way.scenario].steps.map(([step]) => step));
      await check(store, steps, steps);
    } finally {
      await store.close();
    }
    return touched;
  }
}

function stepsOf(printed: string): { readonly begun: Set<string>; readonly done: Set<string> } {
  const begun = new Set<string>();
  const done = new Set<string>();
  for (const line of printed.split('\n').slice(0, -1)) {
    const [what = '', ...words] = line.split(' ');
    if (what === 'begun') begun.add(words.join(' '));
    if (what === 'done') done.add(words.join(' '));
    if (what === 'failed') assert(ANSWERS.has(words.at(-1) ?? ''), `no answer of a store: ${line}`);
  }
  return { begun, done };
}
