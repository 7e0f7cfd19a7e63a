/**
 * The long tier: every method as often as is said here, or until the time is up; prints what was run, a line of JSON
 * each. Fails at the first promise that was not kept, with the seed that shows it. Started by `scripts/faults.ts`.
 * @module
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { databaseFlips, entryFlips, logFlips } from './methods/flips.ts';
import { killLoop } from './methods/kill.ts';
import { everyCall, someCalls } from './methods/nth-call.ts';
import { powerCuts, whyNoPowerCuts } from './methods/power-cut.ts';
import { nativeTool } from './native-tool.ts';
import type { Extent, Figures } from './run.ts';

interface Method {
  readonly name: string;
  readonly cycles: { readonly ci: number; readonly long: number };
  readonly run: (extent: Extent, tier: 'ci' | 'long') => Promise<Figures>;
  /** Why it cannot be run here. */
  readonly whyNot?: (dir: string) => string | undefined;
}

const METHODS: readonly Method[] = [
  { name: 'kill', cycles: { ci: 50, long: 5_000 }, run: killLoop },
  {
    name: 'nth-call',
    cycles: { ci: 30, long: 10_000 },
    run: (extent, tier) => (tier === 'long' ? everyCall(extent) : someCalls(extent)),
    whyNot: () => whyNoTool('shim'),
  },
  { name: 'flips-entries', cycles: { ci: 40, long: 5_000 }, run: entryFlips },
  { name: 'flips-database', cycles: { ci: 60, long: 5_000 }, run: databaseFlips },
  { name: 'flips-log', cycles: { ci: 60, long: 5_000 }, run: logFlips },
  ...(['ext4', 'xfs'] as const).map((kind) => ({
    name: `power-cut-${kind}`,
    cycles: { ci: 10, long: 1_000 },
    run: (extent: Extent) => powerCuts(kind, extent),
    whyNot: (dir: string) => whyNoPowerCuts(kind, dir),
  })),
];

function whyNoTool(name: 'shim'): string | undefined {
  const tool = nativeTool(name);
  if (typeof tool === 'string') return tool;
  tool.remove();
  return undefined;
}

const { values } = parseArgs({
  options: {
    tier: { type: 'string', default: 'ci' },
    only: { type: 'string' },
    seed: { type: 'string', default: '1' },
    cycles: { type: 'string' },
    minutes: { type: 'string', default: '600' },
  },
});

async function runMethod(method: Method): Promise<void> {
  const tier = values.tier === 'long' ? 'long' : 'ci';
  const dir = mkdtempSync(join(tmpdir(), `fr-faults-${method.name}-`));
  try {
    const skipped = method.whyNot?.(dir);
    if (skipped !== undefined) return say({ method: method.name, skipped });
    const started = Date.now();
    const work = join(dir, 'work');
    mkdirSync(work);
    const extent = {
      seed: Number(values.seed),
      cycles: Number(values.cycles ?? method.cycles[tier]),
      dir: work,
      until: started + Number(values.minutes) * 60_000,
    };
    const figures = await method.run(extent, tier);
    say({
      method: method.name,
      seed: extent.seed,
      seconds: Math.round((Date.now() - started) / 1_000),
      ...figures,
    });
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const chosen = METHODS.filter(({ name }) => values.only === undefined || name.startsWith(values.only));
if (chosen.length === 0) throw new Error(`methods: ${METHODS.map(({ name }) => name).join(', ')}`);
for (const method of chosen) await runMethod(method);
