/**
 * The run marker: a small file that says that a program runs. Who finds one whose process is gone knows of a death that
 * nobody could report.
 *
 *     runs/ID.json   written by the host at its start; ID is the report id of its death, should that be one to report
 *     runs/ID.left   the same, renamed by a host that leaves in good order
 *     runs/ID.crumbs the ring of its breadcrumbs
 *     runs/ID.tail   its last lines on stderr, from a supervisor that was to keep them
 *     runs/ID.end    how it ended, from who has seen it (guard or supervisor): a wait status, `gone` or `alive`
 *
 * A host without a guard removes its own; a guard removes it after a wanted end; all else is judged and removed by
 * fr-reporter. Nothing here is synced: after a power failure there is nothing to be reported.
 * @module
 */
import type { ConsentLevel } from '@fr/protocol';
import { fs } from '../builtin.ts';
import type { DeclaredFiles } from '../declared-files.ts';
import type { Life } from './life.ts';

/** More than a marker takes. */
export const MAX_MARKER_BYTES: number = 64 * 1024;

/** What is to be known of a program when it is gone. */
export interface RunMarker {
  readonly format: 1;
  /** Report id of the death. */
  readonly id: string;
  readonly life: Life;
  /** When it was started, milliseconds since 1970. */
  readonly at: number;
  readonly program: string;
  readonly version: string;
  /** Name and version of the runtime. */
  readonly runtime: string;
  /** Path of the main script. */
  readonly script?: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly consent: ConsentLevel;
  readonly declared: readonly string[];
  readonly files?: DeclaredFiles;
  readonly server: string;
  readonly key: string;
  /** The run of `fr-reporter run` this belongs to. */
  readonly run?: string;
  /** The guard that watches, which will say how it ended. */
  readonly guard?: Pick<Life, 'pid' | 'started'>;
}

/** Where markers lie in a spool. Put together by hand here and wherever a start runs: `path.join` costs it 30 µs. */
export function runsFolder(spoolFolder: string): string {
  return `${spoolFolder}/runs`;
}

/** Path of a marker without its ending. */
export function markerBase(spoolFolder: string, id: string): string {
  return `${spoolFolder}/runs/${id}`;
}

/** What a marker seems to say, as a host reads it: in few lines, and without waiting for a pipe in its place. */
export function readMarker(file: string): Partial<RunMarker> | undefined {
  try {
    const stat = fs.lstatSync(file);
    if (!stat.isFile() || stat.size > MAX_MARKER_BYTES) return undefined;
    return (JSON.parse(fs.readFileSync(file, 'utf8')) ?? undefined) as Partial<RunMarker> | undefined;
  } catch {
    return undefined;
  }
}

/** Puts up the marker, or with the flag `w` another in its place. The folder must be there. */
export function putMarker(spoolFolder: string, marker: RunMarker, flag: 'wx' | 'w'): void {
  const file = `${markerBase(spoolFolder, marker.id)}.json`;
  fs.writeFileSync(file, JSON.stringify(marker), { mode: 0o600, flag });
}

/** Says that the program leaves in good order; where nobody watches the marker is taken away at once. */
export function markLeft(spoolFolder: string, id: string, watched: boolean): void {
  const base = markerBase(spoolFolder, id);
  if (!watched) fs.rmSync(`${base}.crumbs`, { force: true });
  if (watched) fs.renameSync(`${base}.json`, `${base}.left`);
  else fs.rmSync(`${base}.json`, { force: true });
}
