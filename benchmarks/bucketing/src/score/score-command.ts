/** What `src/score.ts` does; its options are told there. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Corpus, Scope } from '../case.ts';
import { readCorpus } from '../corpus-file.ts';
import { FR } from './bucketing.ts';
import { judgedCases } from './judged-case.ts';
import type { Level } from './level.ts';
import { writeLocations } from './locations-file.ts';
import { lossText } from './loss.ts';
import { writeIntoReadme } from './readme-table.ts';
import { scoreTables } from './score-tables.ts';
import { scorecardOf } from './scorecard.ts';

const BENCHMARK = join(import.meta.dirname, '..', '..');
const READMES = [
  join(BENCHMARK, 'README.md'),
  join(BENCHMARK, '..', '..', 'packages', 'bucket', 'README.md'),
];

export function scoreCommand(args: string[]): void {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      corpus: { type: 'string', default: join(BENCHMARK, 'corpus') },
      scope: { type: 'string' },
      worst: { type: 'string' },
      level: { type: 'string', default: 'problem' },
      json: { type: 'boolean', default: false },
      locations: { type: 'string' },
      readme: { type: 'boolean', default: false },
    },
  });
  const corpus = readCorpus(values.corpus, positionals);
  if (corpus.cases.length === 0) throw new Error('no cases: node src/generate.ts makes them');
  const scope = values.scope === undefined ? undefined : knownScope(corpus, values.scope);
  if (values.locations !== undefined) writeLocations(values.locations, judgedCases(FR, corpus));
  else if (values.worst !== undefined)
    console.log(worstText(corpus, scope, values.level === 'bucket' ? 'bucket' : 'problem', +values.worst));
  else printScore(corpus, scope, values);
}

function knownScope({ cases }: Corpus, name: string): Scope {
  const found = cases.find(({ scope }) => scope === name);
  if (found === undefined) throw new Error(`no cases of scope ${name}`);
  return found.scope;
}

/** With a scope, only of faults that have a case in it. */
function worstText(corpus: Corpus, scope: Scope | undefined, level: Level, most: number): string {
  const inScope = corpus.cases.filter((one) => scope === undefined || one.scope === scope);
  const faults = new Set(inScope.map(({ fault }) => fault));
  const cases = corpus.cases.filter(({ fault }) => faults.has(fault));
  return lossText(judgedCases(FR, { ...corpus, cases }), level, most);
}

function printScore(
  corpus: Corpus,
  scope: Scope | undefined,
  { json, readme }: { readonly json: boolean; readonly readme: boolean },
): void {
  const scorecard = scorecardOf(corpus, scope);
  const tables = scoreTables(scorecard);
  console.log(json ? JSON.stringify(scorecard) : tables);
  if (readme) for (const file of READMES) writeIntoReadme(file, tables);
}
