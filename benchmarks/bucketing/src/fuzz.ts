/**
 * Looks for input that breaks a promise of the package: `node src/fuzz.ts [--minutes 10] [--seed N]`. Nothing throws,
 * nothing takes long for its size, keys parse back, explanations agree, and what must not count does not. Prints the
 * seed, every broken promise with the smallest input found, and exits 1 when there is one. `--round N` tries one round
 * of a seed again; `--corpus DIR` starts from another corpus.
 */
import { onSources } from './score/on-sources.ts';

await onSources(async () => {
  const { fuzzCommand } = await import('./fuzz/fuzz-command.ts');
  await fuzzCommand(process.argv.slice(2));
});
