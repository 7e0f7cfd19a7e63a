/**
 * One question to a source map as it lies in a file. Enough for a failing program, which asks once; who asks often
 * takes `@fr/bucket/source-map`, which decodes once.
 */
import type { OriginalPlace, RawSourceMap, SourceMap } from '../failure.ts';

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const COMMA = 44;
const MAX_SECTION_DEPTH = 4;

export function sourceMapOf(map: SourceMap | RawSourceMap | string | undefined): SourceMap | undefined {
  const value: unknown = typeof map === 'string' ? JSON.parse(map) : map;
  if (typeof value !== 'object' || value === null) return undefined;
  if ('originalPlace' in value) return value as SourceMap;
  const raw = value as RawSourceMap;
  return {
    originalPlace: (line, column) => placeInSections(raw, line - 1, column - 1, MAX_SECTION_DEPTH),
    sourceText: (file) => textInSections(raw, file, MAX_SECTION_DEPTH),
  };
}

function placeInSections(
  map: RawSourceMap,
  line: number,
  column: number,
  depth: number,
): OriginalPlace | undefined {
  if (!Array.isArray(map.sections)) return placeIn(map, line, column);
  const section = map.sections.findLast(
    ({ offset }) => offset.line < line || (offset.line === line && offset.column <= column),
  );
  if (section === undefined || depth === 0) return undefined;
  const { offset } = section;
  return placeInSections(
    section.map,
    line - offset.line,
    line === offset.line ? column - offset.column : column,
    depth - 1,
  );
}

function textInSections(map: RawSourceMap, file: string, depth: number): string | undefined {
  const at = sourcesOf(map).indexOf(file);
  const text = at < 0 ? undefined : map.sourcesContent?.[at];
  if (typeof text === 'string' || depth === 0) return text ?? undefined;
  for (const section of map.sections ?? []) {
    const found = textInSections(section.map, file, depth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function sourcesOf({ sources, sourceRoot }: RawSourceMap): string[] {
  const root = typeof sourceRoot === 'string' && sourceRoot !== '' ? `${sourceRoot.replace(/\/$/, '')}/` : '';
  return (sources ?? []).map((source) => root + String(source ?? ''));
}

/** The last segment of the line at or before the column. */
function placeIn(map: RawSourceMap, line: number, column: number): OriginalPlace | undefined {
  const found = segmentAt(map.mappings ?? '', line, column);
  if (found === undefined) return undefined;
  const [, source = 0, originalLine = 0, originalColumn = 0] = found;
  const file = sourcesOf(map)[source];
  return file === undefined ? undefined : { file, line: originalLine + 1, column: originalColumn + 1 };
}

/** Fields are relative to the segment before, so all lines up to the place are read. */
function segmentAt(mappings: string, line: number, column: number): readonly number[] | undefined {
  const lines = mappings.split(';', line + 1);
  const fields = [0, 0, 0, 0, 0];
  for (const before of lines.slice(0, line)) {
    readLine(before, fields, Number.POSITIVE_INFINITY);
    fields[0] = 0;
  }
  return readLine(lines[line] ?? '', fields, column);
}

function readLine(text: string, fields: number[], column: number): readonly number[] | undefined {
  let last: readonly number[] = [];
  for (let at = 0; at < text.length; ) {
    const { end, count } = readSegment(text, at, fields);
    if ((fields[0] ?? 0) > column) break;
    if (column !== Number.POSITIVE_INFINITY) last = fields.slice(0, count);
    at = end + 1;
  }
  return last.length >= 4 ? last : undefined;
}

function readSegment(text: string, start: number, fields: number[]): { end: number; count: number } {
  let at = start;
  let count = 0;
  let value = 0;
  let shift = 0;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === COMMA) break;
    const digit = DIGITS.indexOf(text.charAt(at));
    if (digit < 0) continue;
    value |= (digit & 31) << shift;
    shift += 5;
    if (digit & 32) continue;
    fields[count] = (fields[count] ?? 0) + (value & 1 ? -(value >>> 1) : value >>> 1);
    count++;
    value = 0;
    shift = 0;
  }
  return { end: at, count };
}
