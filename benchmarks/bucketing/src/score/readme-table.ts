/** Result tables inside a README, between two marks that no reader sees. */
import { readFileSync, writeFileSync } from 'node:fs';

const BEGIN = '<!-- score: written by `node src/score.ts --readme` in benchmarks/bucketing -->';
const END = '<!-- /score -->';

/** Throws when the marks are not there. */
export function writeIntoReadme(file: string, tables: string): void {
  const text = readFileSync(file, 'utf8');
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END, begin);
  if (begin < 0 || end < 0) throw new Error(`no place for results in ${file}: ${BEGIN} … ${END}`);
  writeFileSync(file, `${text.slice(0, begin + BEGIN.length)}\n\n${tables}\n\n${text.slice(end)}`);
}
