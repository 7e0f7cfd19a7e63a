/**
 * One question to a source map as it lies in a file. Enough for a failing program, which asks once; who asks often
 * takes `@fr/bucket/source-map`, which decodes once.
 */
import type { OriginalPlace, RawSourceMap, SourceMap } from '../failure.ts';
import { isObject } from '../total.ts';

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** May throw, and so may what it answers, when the map is not what it says. */
export function sourceMapOf(map: SourceMap | RawSourceMap | string | undefined): SourceMap | undefined {
  const value: unknown = typeof map === 'string' ? JSON.parse(map) : map;
  if (!isObject(value)) return undefined;
  if ('originalPlace' in value) return value as SourceMap;
  return {
    originalPlace: (line, column) => placeIn(value, line - 1, column - 1),
    sourceText: (file) => textIn(value, file),
  };
}

function placeIn(map: RawSourceMap, line: number, column: number): OriginalPlace | undefined {
  if (map.sections) {
    const section = map.sections.findLast(
      ({ offset }) => offset.line < line || (offset.line === line && offset.column <= column),
    );
    if (!section) return undefined;
    const { offset } = section;
    return placeIn(section.map, line - offset.line, line === offset.line ? column - offset.column : column);
  }
  const found = segmentAt(map.mappings ?? '', line, column);
  if (!found) return undefined;
  const [, source = 0, originalLine = 0, originalColumn = 0] = found;
  const file = sourcesOf(map)[source];
  return file === undefined ? undefined : { file, line: originalLine + 1, column: originalColumn + 1 };
}

function textIn(map: RawSourceMap, file: string): string | undefined {
  const text = map.sourcesContent?.[sourcesOf(map).indexOf(file)];
  if (typeof text === 'string') return text;
  for (const section of map.sections ?? []) {
    const found = textIn(section.map, file);
    if (found !== undefined) return found;
  }
  return undefined;
}

function sourcesOf({ sources = [], sourceRoot }: RawSourceMap): string[] {
  const root = sourceRoot ? `${sourceRoot.replace(/\/$/, '')}/` : '';
  return sources.map((source) => root + (source ?? ''));
}

/**
 * The last segment of the line at or before the column, if it names a source. Fields are relative to the segment
 * before, so all lines up to the place are read.
 */
function segmentAt(mappings: string, line: number, column: number): readonly number[] | undefined {
  const fields = [0, 0, 0, 0, 0];
  let found: number[] = [];
  mappings.split(';', line + 1).forEach((row, at) => {
    fields[0] = 0;
    for (const segment of row.split(',')) {
      const count = advance(fields, segment);
      if (at === line && count > 0 && (fields[0] ?? 0) <= column) found = fields.slice(0, count);
    }
  });
  return found.length > 3 ? found : undefined;
}

/** Answers how many fields the segment has. */
function advance(fields: number[], segment: string): number {
  let count = 0;
  let value = 0;
  let shift = 0;
  for (const char of segment) {
    const digit = DIGITS.indexOf(char);
    value |= (digit & 31) << shift;
    shift += 5;
    if (digit & 32) continue;
    fields[count] = (fields[count] ?? 0) + (value & 1 ? -(value >>> 1) : value >>> 1);
    count++;
    value = 0;
    shift = 0;
  }
  return count;
}
