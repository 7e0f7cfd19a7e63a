/**
 * Where a reporter runs, as far as it decides whether reports survive: as process 1 of a container, and on which file
 * system its spool lies. Warnings, not faults: fr works, but loses more than it need.
 * @module
 */
import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { basename, dirname } from 'node:path';

/** Something that is not wrong but could be better. */
export interface Warning {
  readonly check: string;
  readonly say: string;
}

/** Kinds of file systems that do not outlive a container or a machine, by their magic number. */
const FLEETING: ReadonlyMap<number, string> = new Map([
  [0x794c7630, 'an overlay, which goes with the container'],
  [0x01021994, 'a tmpfs, which goes with the machine or the container'],
  [0x858458f6, 'a ramfs, which goes with the machine or the container'],
]);

/** What to be warned of here. */
export function warningsOf(spoolFolder: string): readonly Warning[] {
  return [aboutProcessOne(commandLineOf(1)), aboutFileSystem(typeOf(spoolFolder))].flatMap(
    (warning) => warning ?? [],
  );
}

function aboutProcessOne(commandLine: readonly string[]): Warning | undefined {
  const [command = '', ...args] = commandLine;
  if (!/^node(js)?$/.test(basename(command)) || args.some((arg) => /fr-reporter/.test(arg))) return undefined;
  return {
    check: 'process 1',
    say: 'the program is process 1 here: guard and reporter die with it; start it with "fr-reporter run -- node …"',
  };
}

function aboutFileSystem(type: number | undefined): Warning | undefined {
  const kind = type === undefined ? undefined : FLEETING.get(type);
  return kind === undefined
    ? undefined
    : { check: 'spool on a volume', say: `the spool lies on ${kind}; put FR_SPOOL_DIR on a volume` };
}

function commandLineOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

/** Type of the file system that a folder lies on, or will. */
function typeOf(folder: string): number | undefined {
  if (!existsSync(folder)) return dirname(folder) === folder ? undefined : typeOf(dirname(folder));
  try {
    return statfsSync(folder).type;
  } catch {
    return undefined;
  }
}
