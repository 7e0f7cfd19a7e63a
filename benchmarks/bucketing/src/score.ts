/**
 * Scores the corpus: `node src/score.ts [COLLECTION…]`, all collections when none is named.
 *
 * - `--corpus DIR` reads another corpus than the one in this repository
 * - `--scope SCOPE` averages over the cases of one scope only
 * - `--worst N` lists the faults and buckets with most loss instead, at `--level problem` (default) or `bucket`
 * - `--json` prints the scorecard as one JSON value
 * - `--locations FILE` writes where every case lies, for `src/diff.ts`
 * - `--readme` writes the tables into the READMEs of the benchmark and of the package
 */
import { onSources } from './score/on-sources.ts';

await onSources(async () => {
  const { scoreCommand } = await import('./score/score-command.ts');
  scoreCommand(process.argv.slice(2));
});
