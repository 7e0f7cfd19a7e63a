/** What `src/fuzz.ts` does; its options are told there. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { readCorpus } from '../corpus-file.ts';
import type { Finding, Order, Outcome } from './campaign.ts';
import { roundOf, seedsFrom } from './checks.ts';

/** Wall time without a sign of life; a round may wait for other work on the machine, but not that long. */
const SILENCE_MS = 60_000;

type Message = { readonly finding: Finding } | { readonly outcome: Outcome };

export async function fuzzCommand(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      minutes: { type: 'string', default: '10' },
      seed: { type: 'string' },
      round: { type: 'string' },
      corpus: { type: 'string', default: join(import.meta.dirname, '..', '..', 'corpus') },
    },
  });
  const seed = values.seed === undefined ? Date.now() % 1_000_000_000 : Number(values.seed);
  const firstRound = Number(values.round ?? 0);
  const rounds = values.round === undefined ? Number.MAX_SAFE_INTEGER : 1;
  console.log(`seed ${seed}`);
  const failures = await campaign(
    { seed, firstRound, rounds, ms: Number(values.minutes) * 60_000 },
    values.corpus,
  );
  process.exitCode = failures > 0 ? 1 : 0;
}

/** Resolves to the number of promises broken. */
function campaign(order: Order, corpus: string): Promise<number> {
  const clock = new SharedArrayBuffer(8);
  const started = performance.now();
  const worker = new Worker(new URL('./campaign-thread.ts', import.meta.url), {
    workerData: { order, corpus, clock },
  });
  return new Promise((resolve, reject) => {
    const stopWatching = watch(new Int32Array(clock), (round) => {
      console.log(hangText(order.seed, round, corpus));
      worker.terminate().then(() => resolve(1), reject);
    });
    worker.on('message', (message: Message) => {
      if ('finding' in message) return console.log(findingText(order.seed, message.finding));
      console.log(outcomeText(order.seed, message.outcome, performance.now() - started));
      resolve(message.outcome.broken.size);
    });
    worker.on('error', reject);
    worker.on('exit', stopWatching);
  });
}

function watch(clock: Int32Array, onSilence: (round: number) => void): () => void {
  let signs = -1;
  let since = performance.now();
  const timer = setInterval(() => {
    const now = Atomics.load(clock, 1);
    if (now !== signs) since = performance.now();
    signs = now;
    if (performance.now() - since < SILENCE_MS) return;
    clearInterval(timer);
    onSilence(Atomics.load(clock, 0));
  }, 500);
  return () => clearInterval(timer);
}

function hangText(seed: number, round: number, corpus: string): string {
  const { check, specimen } = roundOf(seed, round, seedsFrom(readCorpus(corpus)));
  return `${check.name} hangs: --seed ${seed} --round ${round}\n  ${JSON.stringify(specimen)}`;
}

function findingText(seed: number, { round, check, complaint, specimen }: Finding): string {
  return `${check} broken: ${complaint}\n  --seed ${seed} --round ${round}\n  ${specimen}`;
}

function outcomeText(seed: number, { rounds, broken, text }: Outcome, ms: number): string {
  const promises = [...broken].map(([promise, times]) => `${promise}: ${times} rounds`);
  return [
    text,
    ...promises,
    `seed ${seed}: ${rounds} rounds in ${Math.round(ms / 1000)} s, ${broken.size} promises broken`,
  ].join('\n');
}
