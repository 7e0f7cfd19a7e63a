/**
 * The reporter's side of the run markers: which runs are over, and how they ended.
 * @module
 */
import { CONSENT_LEVELS } from '@fr/protocol';
import { normaliseId } from '@fr/protocol/ids';
import { fs } from '../builtin.ts';
import { isMissing, readOwn, readOwnJson, removeAny } from '../spool/folder/durable-file.ts';
import { type Death, deathOf } from './death.ts';
import { type Fate, fateOf, isAlive, type Life, ownLife } from './life.ts';
import { MAX_MARKER_BYTES, markerBase, type RunMarker, runsFolder } from './run-marker.ts';

/** A run that is over. */
export interface EndedRun {
  readonly id: string;
  readonly marker: RunMarker;
  readonly death: Death;
  /** When it ended, where somebody saw it. */
  readonly endedAt?: number;
}

const MAX_TAIL_BYTES = 256 * 1024;
/** A marker is written in one go; one that still cannot be read then never will be. */
const UNREADABLE_MS = 60_000;
/** A run in a container that nobody can look into is given up after this time. */
const ELSEWHERE_MS = 30 * 24 * 60 * 60 * 1000;

/** Runs that are over and not yet concluded. Clears away markers that will never tell anything. */
export function endedRuns(spoolFolder: string, now: number): readonly EndedRun[] {
  const ids = runIds(spoolFolder);
  if (ids.length === 0) return [];
  const own = ownLife();
  return ids.flatMap((id) => endedRun(spoolFolder, id, own, now) ?? []);
}

/** What has become of a failure's process, as far as its marker tells; undefined: it has none any more. */
export function fateOfRun(spoolFolder: string, id: string): Fate | undefined {
  const marker = readMarker(spoolFolder, id);
  return marker && fateOf(marker.life);
}

/** Takes everything away that belongs to a run. */
export function forgetRun(spoolFolder: string, id: string): void {
  const base = markerBase(spoolFolder, id);
  for (const ending of ['tail', 'crumbs', 'json', 'left', 'end']) removeAny(`${base}.${ending}`);
}

/** The last lines on stderr of a run, where its supervisor has kept them. */
export function tailOf(spoolFolder: string, id: string): string | undefined {
  return readOwn(`${markerBase(spoolFolder, id)}.tail`, MAX_TAIL_BYTES)?.toString('utf8');
}

/** Where the program that was started last reports to; nothing where there is no marker. */
export function lastSettings(spoolFolder: string): Pick<RunMarker, 'server' | 'key'> | undefined {
  return runIds(spoolFolder)
    .flatMap((id) => readMarker(spoolFolder, id) ?? [])
    .at(-1);
}

/** Markers of programs that run, or ran, under one supervisor. */
export function runsUnder(spoolFolder: string, run: string): readonly RunMarker[] {
  return runIds(spoolFolder)
    .flatMap((id) => readMarker(spoolFolder, id) ?? [])
    .filter((marker) => marker.run === run);
}

function endedRun(spoolFolder: string, id: string, own: Life, now: number): EndedRun | undefined {
  const base = markerBase(spoolFolder, id);
  const marker = readMarker(spoolFolder, id);
  if (!marker) {
    if (changedAt(spoolFolder, id) < now - UNREADABLE_MS) forgetRun(spoolFolder, id);
    return undefined;
  }
  const left = fs.existsSync(`${base}.left`);
  const evidence = readOwn(`${base}.end`, 64)?.toString('latin1').trim();
  if (evidence)
    return { id, marker, death: deathOf(evidence, left), endedAt: fs.statSync(`${base}.end`).mtimeMs };
  const fate = fateOf(marker.life, own);
  if (fate === 'alive' || (marker.guard && fate === 'gone' && isAlive(marker.guard))) return undefined;
  if (fate === 'gone' || left) return { id, marker, death: deathOf(undefined, left) };
  // The machine was stopped, or nobody knows: no failure of the program.
  const known = fate === 'rebooted' || marker.at < now - ELSEWHERE_MS;
  return known ? { id, marker, death: { kind: 'none' } } : undefined;
}

function runIds(spoolFolder: string): readonly string[] {
  try {
    const ids = fs.readdirSync(runsFolder(spoolFolder)).map((name) => name.replace(/\.[a-z]+$/, ''));
    return [...new Set(ids)].filter((id) => normaliseId(id) === id).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function readMarker(spoolFolder: string, id: string): RunMarker | undefined {
  const base = markerBase(spoolFolder, id);
  const value =
    readOwnJson(`${base}.json`, MAX_MARKER_BYTES) ?? readOwnJson(`${base}.left`, MAX_MARKER_BYTES);
  return isMarker(value, id) ? value : undefined;
}

function isMarker(value: unknown, id: string): value is RunMarker {
  if (typeof value !== 'object' || value === null) return false;
  const marker = value as Partial<Record<keyof RunMarker, unknown>>;
  const texts = [marker.program, marker.version, marker.runtime, marker.server, marker.key];
  return (
    marker.format === 1 &&
    marker.id === id &&
    Number.isSafeInteger(marker.at) &&
    texts.every((text) => typeof text === 'string') &&
    CONSENT_LEVELS.some((level) => level === marker.consent) &&
    Array.isArray(marker.declared) &&
    marker.declared.every((type) => typeof type === 'string') &&
    isLife(marker.life)
  );
}

function isLife(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { boot, namespace, machine, pid, started } = value as Partial<Life>;
  const texts = [boot, namespace, machine, started];
  return texts.every((text) => typeof text === 'string') && Number.isSafeInteger(pid);
}

function changedAt(spoolFolder: string, id: string): number {
  const base = markerBase(spoolFolder, id);
  const times = ['json', 'left', 'end'].map(
    (ending) => fs.lstatSync(`${base}.${ending}`, { throwIfNoEntry: false })?.mtimeMs ?? 0,
  );
  return Math.max(...times);
}
