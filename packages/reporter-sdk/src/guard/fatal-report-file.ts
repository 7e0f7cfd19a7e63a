/**
 * The reports V8 leaves at a fatal error, as fr-reporter finds them.
 * @module
 */
import { fs, path } from '../builtin.ts';
import { reducedReport } from '../noting/diagnostic-report.ts';
import { isMissing, readOwnJson, removeAny } from '../spool/folder/durable-file.ts';
import { fatalReportsFolder } from './fatal-report.ts';
import type { RunMarker } from './run-marker.ts';

/** What a report tells. */
export interface FatalReport {
  readonly file: string;
  readonly at: number;
  /** `OOMError`, `FatalError`, … */
  readonly trigger: string;
  /** Symbols, innermost first. */
  readonly nativeStack: readonly string[];
  readonly rssBytes?: number;
  readonly heapUsedBytes?: number;
  /** The report without what says who and where; nothing where it stays too large. */
  readonly reduced?: string;
}

const MAX_BYTES = 32 * 1024 * 1024;
const MAX_FRAMES = 64;
const NAME = /^report\.\d+\.\d+\.(\d+)\.\d+\.\d+\.json$/;
const CLOCK_SLACK_MS = 2_000;

/** The report that a program has left at its end, if it has. */
export function findFatalReport(spoolFolder: string, marker: RunMarker): FatalReport | undefined {
  const folder = fatalReportsFolder(spoolFolder);
  for (const name of namesIn(folder)) {
    if (Number(NAME.exec(name)?.[1]) !== marker.life.pid) continue;
    const report = readReport(path.join(folder, name));
    if (report && report.at >= marker.at - CLOCK_SLACK_MS) return report;
  }
  return undefined;
}

export function removeFatalReport({ file }: FatalReport): void {
  removeAny(file);
}

function readReport(file: string): FatalReport | undefined {
  const value = readOwnJson(file, MAX_BYTES);
  if (!isObject(value) || !isObject(value['header'])) return undefined;
  const { trigger, dumpEventTimeStamp } = value['header'];
  if (typeof trigger !== 'string' || trigger === '') return undefined;
  const rss = numberIn(value['resourceUsage'], 'rss');
  const used = numberIn(value['javascriptHeap'], 'usedMemory');
  const nativeStack = symbolsOf(value['nativeStack']);
  const reduced = reducedReport(value);
  return {
    file,
    at: Number(dumpEventTimeStamp) || 0,
    trigger,
    nativeStack,
    ...(rss === undefined ? {} : { rssBytes: rss }),
    ...(used === undefined ? {} : { heapUsedBytes: used }),
    ...(reduced === undefined ? {} : { reduced }),
  };
}

function symbolsOf(stack: unknown): readonly string[] {
  if (!Array.isArray(stack)) return [];
  return stack
    .slice(0, MAX_FRAMES)
    .flatMap((frame: unknown) =>
      isObject(frame) && typeof frame['symbol'] === 'string' ? frame['symbol'] : [],
    );
}

function numberIn(section: unknown, member: string): number | undefined {
  const value = isObject(section) ? Number(section[member]) : Number.NaN;
  return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function namesIn(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
