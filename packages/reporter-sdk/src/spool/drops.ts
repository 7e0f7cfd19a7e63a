/**
 * Counted losses. Several processes may lose something at the same moment, so nobody reads, adds and writes back: each
 * loss is one appended line in the file of its day (`drops/DAY.log`), and no such file is ever renamed or cut.
 *
 * The fr-reporter that holds the lock tells the site of them: `drops/told.json` says how far each file was told, and
 * keeps the report that is on its way, so that a retry repeats it to the letter. A file whose day is over and that was
 * told to its end is removed.
 *
 * A disk that is full takes no line, but still takes the name of an empty file: `lost.REASON.COUNT.ID` in the spool's own
 * folder is a loss too. Before the next report to the site it becomes a line.
 * @module
 */
import { type DropReason as DroppedBefore, type DropReport, MAX_HIT_COUNT } from '@fr/protocol';
import { fs, path } from '../builtin.ts';
import {
  appendLine,
  isMissing,
  readOwn,
  readOwnJson,
  removeAny,
  writeDurably,
} from './folder/durable-file.ts';
import { type Spool, subfolder } from './spool.ts';

/** Why occurrences were given up. What the site itself has refused is counted there already and not told again. */
export type DropReason = DroppedBefore | 'refused';

/** Occurrences by reason. */
export type Drops = Readonly<Partial<Record<DropReason, number>>>;

const MAX_LOG_BYTES = 64 * 1024 * 1024;
const DAY_MS = 24 * 60 * 60 * 1000;
/** A file is left alone for so many days after its own, since a stopped process may yet append. */
const KEPT_DAYS = 2;

/** Bytes of each file that are accounted for, by its name. */
type Extent = Readonly<Record<string, number>>;

interface Told {
  readonly read: Extent;
  readonly drops: Drops;
  readonly open?: { readonly reportId: string; readonly drops: Drops; readonly read: Extent };
}

/** Counts occurrences that are given up. `by`: what gave them up, for somebody who may have to do it twice. */
export function countDrop(spool: Spool, reason: DropReason, count: number, at: number, by?: string): void {
  const file = path.join(subfolder(spool, 'drops'), `${Math.trunc(at / DAY_MS)}.log`);
  appendLine(file, JSON.stringify({ reason, count, at, ...(by === undefined ? {} : { by }) }));
}

/** The same for who may be about to end and could not write: in a name. `id` must be new. False where even that failed. */
export function countDropByName(spool: Spool, reason: DropReason, count: number, id: string): boolean {
  try {
    fs.closeSync(fs.openSync(path.join(spool.folder, `lost.${reason}.${count}.${id}`), 'wx', 0o600));
    return true;
  } catch {
    return false;
  }
}

/** Whether a line with this `by` is there. */
export function isDropCounted(spool: Spool, by: string): boolean {
  return logs(spool).some((name) => logText(spool, name).includes(JSON.stringify(by)));
}

/** Occurrences given up so far, by reason, told or not. */
export function readDrops(spool: Spool): Drops {
  const { read, drops } = readTold(spool);
  const inNames = lostNames(spool).reduce((all, { loss }) => sum(all, loss), {});
  return sum(sum(drops, untold(spool, read).drops), inNames);
}

/** What is to be told to the site: the report that is on its way already, or a new one; nothing where nothing was lost. */
export function openDropReport(spool: Spool, newId: () => string): DropReport | undefined {
  const told = readTold(spool);
  if (told.open) return reportOf(told.open);
  for (const { name, loss } of lostNames(spool)) writeDown(spool, name, loss);
  const found = untold(spool, told.read);
  if (Object.keys(found.drops).length === 0) return undefined;
  const open = { reportId: newId(), ...found };
  writeTold(spool, { ...told, open });
  const report = reportOf(open);
  if (report.counts.length > 0) return report;
  settleDropReport(spool, open.reportId, 0);
  return undefined;
}

/** Only for who holds the lock; may be done twice. */
function writeDown(spool: Spool, name: string, loss: Drops): void {
  const file = path.join(spool.folder, name);
  const at = fs.lstatSync(file).mtimeMs;
  for (const [reason, count] of Object.entries(loss) as [DropReason, number][])
    if (!isDropCounted(spool, name)) countDrop(spool, reason, count, at, name);
  removeAny(file);
}

function lostNames(spool: Spool): readonly { readonly name: string; readonly loss: Drops }[] {
  return namesIn(spool.folder).flatMap((name) => {
    const [, reason, count] = /^lost\.([a-z-]{1,32})\.(\d{1,9})\.[\w-]{1,64}$/.exec(name) ?? [];
    return reason === undefined ? [] : [{ name, loss: { [reason]: Number(count) } }];
  });
}

/** The site has counted the report. */
export function settleDropReport(spool: Spool, reportId: string, now: number): void {
  const { open, drops } = readTold(spool);
  if (open?.reportId !== reportId) return;
  const read = removeToldLogs(spool, open.read, Math.trunc(now / DAY_MS) - KEPT_DAYS);
  writeTold(spool, { read, drops: sum(drops, open.drops) });
}

function reportOf({ reportId, drops }: NonNullable<Told['open']>): DropReport {
  const counts = Object.entries(drops).flatMap(([reason, count]) =>
    reason === 'refused' || count < 1
      ? []
      : [{ reason: reason as DroppedBefore, count: Math.min(count, MAX_HIT_COUNT) }],
  );
  return { reportId, counts };
}

function untold(spool: Spool, read: Extent): { readonly drops: Drops; readonly read: Extent } {
  let drops: Drops = {};
  const extent: Record<string, number> = {};
  for (const name of logs(spool)) {
    const text = logText(spool, name);
    // A line cut off by a power failure is not yet one.
    const end = text.lastIndexOf('\n') + 1;
    const start = read[name] ?? 0;
    extent[name] = end;
    for (const line of text.slice(start > end ? 0 : start, end).split('\n'))
      drops = sum(drops, parseLine(line));
  }
  return { drops, read: extent };
}

function sum(one: Drops, other: Drops): Drops {
  const both: Partial<Record<DropReason, number>> = { ...one };
  for (const [reason, count] of Object.entries(other) as [DropReason, number][])
    both[reason] = (both[reason] ?? 0) + count;
  return both;
}

function parseLine(line: string): Drops {
  if (line === '') return {};
  try {
    const { reason, count } = JSON.parse(line) as { reason: unknown; count: unknown };
    return typeof reason === 'string' && typeof count === 'number' && Number.isSafeInteger(count)
      ? { [reason]: count }
      : {};
  } catch {
    // Two halves that a power failure has joined.
    return {};
  }
}

function logs(spool: Spool): readonly string[] {
  return namesIn(path.join(spool.folder, 'drops')).filter((name) => /^\d+\.log$/.test(name));
}

function namesIn(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Characters are bytes here: whatever else stands in it, offsets stay right. */
function logText(spool: Spool, name: string): string {
  return readOwn(path.join(spool.folder, 'drops', name), MAX_LOG_BYTES)?.toString('latin1') ?? '';
}

function readTold(spool: Spool): Told {
  const value = readOwnJson(path.join(spool.folder, 'drops', 'told.json'), MAX_LOG_BYTES);
  const { read, drops, open } = (value ?? {}) as Partial<Told>;
  const isOpen = typeof open?.reportId === 'string' && isCounts(open.drops) && isCounts(open.read);
  return {
    read: isCounts(read) ? read : {},
    drops: isCounts(drops) ? drops : {},
    ...(isOpen ? { open } : {}),
  };
}

function isCounts(value: unknown): value is Readonly<Record<string, number>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((count) => Number.isSafeInteger(count));
}

function writeTold(spool: Spool, told: Told): void {
  writeDurably(path.join(spool.folder, 'drops', 'told.json'), JSON.stringify(told));
}

/** Gives what is left: a clock that was set back may make a file of that name anew, of which nothing was told. */
function removeToldLogs(spool: Spool, read: Extent, before: number): Extent {
  const left = Object.entries(read).filter(([name, end]) => {
    const file = path.join(spool.folder, 'drops', name);
    const size = fs.lstatSync(file, { throwIfNoEntry: false })?.size;
    if (size === undefined) return false;
    if (Number.parseInt(name, 10) >= before || size !== end) return true;
    removeAny(file);
    return false;
  });
  return Object.fromEntries(left);
}
