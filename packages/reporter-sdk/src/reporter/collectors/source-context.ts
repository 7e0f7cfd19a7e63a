import { realpathSync } from 'node:fs';
import { extname, relative, sep } from 'node:path';
import { localPath, sourceReader } from '../../source-text.ts';
import type { FailureFacts } from '../../spool/failure-facts.ts';
import type { Collected } from './collected.ts';

const FRAMES = 8;
const LINES_AROUND = 5;
const MAX_LINE = 240;
const PLACE = /((?:file:\/\/|\/|[A-Za-z]:[\\/])[^()]*):(\d+):\d+\)?$/;
const SOURCES = new Set(['.js', '.mjs', '.cjs', '.jsx', '.ts', '.mts', '.cts', '.tsx']);

/** An error has its stack inside; a hang is one. */
interface Stacked {
  readonly stack?: unknown;
}

/** Lines around the program's own frames. */
export function collectSourceContext({ failure, process: facts, at }: FailureFacts): Collected | undefined {
  const { error, stack = error?.stack } = failure as { readonly stack?: unknown; readonly error?: Stacked };
  const root = facts?.root;
  if (typeof stack !== 'string' || root === undefined) return undefined;
  const { source } = sourceReader(at);
  const places = stack.split('\n').flatMap((line) => ownPlace(line, root));
  const tree = places.slice(0, FRAMES).flatMap(({ file, name, line }) => {
    const text = source(file);
    return text === undefined ? [] : [{ file: name, line, lines: linesAround(text, line) }];
  });
  return tree.length === 0 ? undefined : { contentType: 'application/json', tree };
}

/**
 * The place a line of a stack means, where it is a source file inside the program's folder. A stack is a text like any
 * other: what somebody put into it must not open other files.
 */
function ownPlace(
  text: string,
  root: string,
): { readonly file: string; readonly name: string; readonly line: number }[] {
  const [, written, line] = PLACE.exec(text.slice(0, 1_000)) ?? [];
  const file = written === undefined ? undefined : localPath(written);
  if (file === undefined) return [];
  try {
    const name = relative(realpathSync(root), realpathSync(file));
    const steps = name.split(sep);
    const own = !steps.includes('..') && !steps.includes('node_modules') && localPath(name) === undefined;
    return own && SOURCES.has(extname(name)) ? [{ file, name, line: Number(line) }] : [];
  } catch {
    return [];
  }
}

function linesAround(text: string, line: number): Record<string, string> {
  const all = text.split('\n');
  const first = Math.max(1, line - LINES_AROUND);
  const last = Math.min(all.length, line + LINES_AROUND);
  const numbers = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
  return Object.fromEntries(numbers.map((number) => [number, (all[number - 1] ?? '').slice(0, MAX_LINE)]));
}
