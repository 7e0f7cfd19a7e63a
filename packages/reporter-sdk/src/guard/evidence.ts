/**
 * What a supervisor knows of the end of a program that has put up a run marker: more than any guard can.
 * @module
 */
import { fs } from '../builtin.ts';
import { waitStatus } from './death.ts';
import { runsUnder } from './ended-run.ts';
import { markerBase } from './run-marker.ts';

/** How a supervised program ended. */
export interface SeenEnd {
  readonly pid: number;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly tail?: string;
}

/**
 * Leaves word of an end where there is a marker of that process: `told` where fr-reporter will make a failure of it,
 * should it be one; `left` where the program took its leave, so that its exit code was its own decision.
 */
export function leaveEvidence(spoolFolder: string, run: string, end: SeenEnd): 'told' | 'left' | 'no-marker' {
  const marker = runsUnder(spoolFolder, run).find(({ life }) => life.pid === end.pid);
  if (!marker) return 'no-marker';
  const base = markerBase(spoolFolder, marker.id);
  if (end.tail) fs.writeFileSync(`${base}.tail`, end.tail, { mode: 0o600 });
  fs.writeFileSync(`${base}.end`, `${waitStatus(end.code, end.signal)}\n`, { mode: 0o600 });
  return fs.existsSync(`${base}.left`) ? 'left' : 'told';
}
