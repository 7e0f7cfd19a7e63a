/** Where every case lies, in a file: two of them, made by two versions of the rules, show what a change does. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Case } from '../case.ts';
import type { JudgedCase } from './judged-case.ts';

export interface PlacedCase {
  /** The same in every run over the same corpus. */
  readonly name: string;
  readonly fault: string;
  readonly text: string;
}

/** One case per line, as JSON. */
export function writeLocations(file: string, judged: readonly JudgedCase[]): void {
  const seen = new Map<string, number>();
  const lines = judged.map(({ one, verdict }) => {
    const placed: PlacedCase = { name: caseName(one, seen), fault: one.fault, text: verdict.text };
    return `${JSON.stringify(placed)}\n`;
  });
  writeFileSync(file, lines.join(''));
}

export function readLocations(file: string): readonly PlacedCase[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as PlacedCase);
}

/** Cases that tell nothing else apart are numbered in the order of the corpus. */
function caseName({ fault, scope, how }: Case, seen: Map<string, number>): string {
  const name = `${fault} [${scope}] ${how}`;
  const count = (seen.get(name) ?? 0) + 1;
  seen.set(name, count);
  return count === 1 ? name : `${name} (${count})`;
}
