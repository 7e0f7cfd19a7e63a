import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { ordinarySamples } from './texts.ts';

/**
 * Prints what the first text costs a fresh process, in CPU milliseconds, medians and best of many processes:
 * `pnpm --filter @fr/scrub-benchmark cold [--runs 31] [--size 5000]`. fr-reporter lives short: this is its usual case.
 */
const { values } = parseArgs({
  options: { runs: { type: 'string', default: '31' }, size: { type: 'string', default: '5000' } },
});

/** Run by each process; `process.argv` holds the module, the size and the text. */
const CHILD = `
const cpu = (from) => { const { user, system } = process.cpuUsage(from); return (user + system) / 1000; };
const start = process.cpuUsage();
const { scrubText } = await import(process.argv[1]);
const loaded = cpu(start);
scrubText(process.argv[2]);
console.log(JSON.stringify([loaded, cpu(start) - loaded]));
`;
const EMPTY = 'data:text/javascript,export function scrubText(text) { return text; }';

for (const { name, text } of ordinarySamples(Number(values.size))) {
  const runs: { own: number[]; empty: number[] }[] = [];
  for (let run = 0; run < Number(values.runs); run += 1) {
    runs.push({ own: measured(import.meta.resolve('@fr/scrub'), text), empty: measured(EMPTY, text) });
  }
  const loading = figures(runs.map(({ own, empty }) => (own[0] ?? 0) - (empty[0] ?? 0)));
  const first = figures(runs.map(({ own }) => own[1] ?? 0));
  console.log(`${name}\tloading ${loading}\tfirst text ${first}`);
}

function measured(module: string, text: string): number[] {
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', CHILD, module, text], {
    encoding: 'utf8',
  });
  return JSON.parse(out) as number[];
}

function figures(times: number[]): string {
  const sorted = times.sort((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(1);
  return `best ${at(0.05)}, median ${at(0.5)} ms`;
}
