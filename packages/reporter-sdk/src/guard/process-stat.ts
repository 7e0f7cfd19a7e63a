import { fs } from '../builtin.ts';

/** What Linux says about a process. */
export interface ProcessStat {
  /** `R`, `S`, …; `Z` and `X` are dead. */
  readonly state: string;
  /** Field 22: when it began, in ticks since the boot; tells a process from a later one with the same id. */
  readonly started: string;
  /** Field 52: how it ended, as `wait` would give it; 0 while it lives and where we may not know. */
  readonly status: number;
}

/** Reads `/proc/PID/stat`; nothing where there is no such process, or no such system. */
export function processStat(pid: number | 'self'): ProcessStat | undefined {
  try {
    const text = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the name in brackets and may itself hold blanks and brackets.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', started: fields[19] ?? '', status: Number(fields[49] ?? 0) };
  } catch {
    return undefined;
  }
}
