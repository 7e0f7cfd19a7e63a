/**
 * The breadcrumbs of a running program as a ring in a file of 64 KB: written without any sync, since what the kernel has
 * outlives the process, and only that is wanted. Each crumb is one line of JSON with a number; one that does not fit
 * behind the last begins again at the front, over the oldest. The rest of a line that was written over is no JSON object
 * (its brackets do not match), so whoever reads takes the lines that are, in the order of their numbers.
 * @module
 */
import { fs } from '../builtin.ts';
import { markerBase } from '../guard/run-marker.ts';
import { readOwn } from '../spool/folder/durable-file.ts';
import { type Breadcrumb, newestCrumbs, type TimedBreadcrumb } from './breadcrumbs.ts';

const BYTES = 64 * 1024;
/** A sixteenth of the ring: one crumb must not push all others out. */
const MAX_LINE = 4 * 1024;

const { O_CREAT, O_WRONLY, O_EXCL, O_NOFOLLOW = 0 } = fs.constants;

/** Where a run's ring lies. */
export function crumbFile(spoolFolder: string, id: string): string {
  return `${markerBase(spoolFolder, id)}.crumbs`;
}

/** Takes crumbs; throws where the disk does not. */
export interface CrumbWriter {
  write(crumb: TimedBreadcrumb): void;
  close(): void;
}

/** Makes the file of a run; the folder must be there. */
export function crumbWriter(file: string): CrumbWriter {
  const descriptor = fs.openSync(file, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o600);
  let number = 0;
  let at = 0;
  return {
    write(crumb) {
      number += 1;
      const line = lineOf(number, crumb);
      if (at + line.byteLength > BYTES) at = 0;
      fs.writeSync(descriptor, line, 0, line.byteLength, at);
      at += line.byteLength;
    },
    close: () => fs.closeSync(descriptor),
  };
}

/** Of a crumb that is too large its message is kept. */
function lineOf(number: number, crumb: TimedBreadcrumb): Buffer {
  const line = Buffer.from(`${JSON.stringify({ number, crumb })}\n`);
  if (line.byteLength <= MAX_LINE) return line;
  const { at, message } = crumb;
  return Buffer.from(`${JSON.stringify({ number, crumb: { at, message } })}\n`);
}

/** The last crumbs in a ring, oldest first. Nothing where there is no ring, or no crumb in it. */
export function readCrumbs(file: string): readonly Breadcrumb[] | undefined {
  let text: string | undefined;
  try {
    text = readOwn(file, BYTES)?.toString('utf8');
  } catch {
    return undefined;
  }
  const lines = (text ?? '').split('\n').flatMap((line) => numbered(line) ?? []);
  const crumbs = lines.toSorted((a, b) => a.number - b.number).map(({ crumb }) => crumb);
  return crumbs.length === 0 ? undefined : newestCrumbs(crumbs);
}

function numbered(line: string): { readonly number: number; readonly crumb: Breadcrumb } | undefined {
  try {
    const { number, crumb } = JSON.parse(line) as { readonly number?: unknown; readonly crumb?: unknown };
    return typeof number === 'number' && typeof crumb === 'object' && crumb !== null
      ? { number, crumb: crumb as Breadcrumb }
      : undefined;
  } catch {
    return undefined;
  }
}
