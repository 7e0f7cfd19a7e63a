/**
 * Runs seeds and says what was found: `node src/search.ts --seeds 10000`, `--from N`, or one of them with `--seed N --trace`;
 * `--without drop,crash` turns faults off. A seed that fails is tried without each of its faults, to name those it needs.
 */
import { parseArgs } from 'node:util';
import { shrink } from './shrink.ts';
import { type SimulationResult, simulate } from './simulate.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    trace: { type: 'boolean', default: false },
    without: { type: 'string', default: '' },
  },
});
const without = values.without.split(',').filter((word) => word !== '');

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function tell({ seed, failures }: SimulationResult): Promise<void> {
  const needed = await shrink({ seed, without });
  print(`seed ${seed} fails; faults it needs: ${needed.join(', ') || 'none'}`);
  for (const failure of failures) print(`  ${failure}`);
  print(`  node --conditions=@fr/source src/search.ts --seed ${seed} --trace`);
}

const first = Number(values.seed ?? values.from);
const count = values.seed === undefined ? Number(values.seeds) : 1;
const sums = { hits: 0, voided: 0, entriesAtVendor: 0, demands: 0, wireBytes: 0 };
const began = performance.now();
let bad = 0;
for (let seed = first; seed < first + count; seed++) {
  const result = await simulate({ seed, without, trace: values.trace });
  for (const name of ['hits', 'voided', 'entriesAtVendor', 'demands', 'wireBytes'] as const)
    sums[name] += result[name];
  if (values.trace) for (const line of result.trace) print(line);
  if (result.failures.length === 0) continue;
  bad += 1;
  await tell(result);
}
const seconds = (performance.now() - began) / 1000;
print(
  `${count} seeds, ${bad} failed, ${seconds.toFixed(1)} s (${((1000 * seconds) / count).toFixed(1)} ms each)`,
);
print(`${sums.hits} hits counted at sites (${sums.voided} with disks that were restored or copied), `);
print(
  `${sums.demands} demands, ${sums.entriesAtVendor} entries at vendors, ${sums.wireBytes} bytes from sites`,
);
process.exitCode = bad > 0 ? 1 : 0;
