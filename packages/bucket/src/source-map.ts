/**
 * Source maps for `@fr/bucket`: makes what `failure.sourceMap` answers, and reads the marks by which a built file
 * names its map. Index maps are flattened. Maps are identified by debug id where there is one, because URLs of
 * built files change with every deploy and lie about the rest.
 *
 * @module
 */
import { FlattenMap, originalPositionFor, sourceContentFor, type TraceMap } from '@jridgewell/trace-mapping';
import type { OriginalPlace, SourceMap } from './failure.ts';

export type { OriginalPlace, SourceMap } from './failure.ts';
export { bucketWithMap } from './late-map.ts';

/** A map with what identifies it. */
export interface LoadedSourceMap extends SourceMap {
  /** Lower case; absent in maps made by tools that know no debug ids. */
  readonly debugId?: string;
}

const DEBUG_ID = /^\/\/[#@]\s*debugId=([0-9a-f-]{32,36})\s*$/im;
const MAP_URL = /^\/\/[#@]\s*sourceMappingURL=(\S+)\s*$/gm;
const DATA_URL = /^data:application\/json[^,]*?(;base64)?,/;
/** Both marks stand at the end of a file. */
const TAIL = 4096;

/** A map from its JSON text or value; `undefined` when it is none, or a broken one. Decoding waits for the first question. */
export function sourceMapFrom(json: unknown): LoadedSourceMap | undefined {
  try {
    const value: unknown = typeof json === 'string' ? JSON.parse(json.replace(/^\)\]\}'[^\n]*\n/, '')) : json;
    if (!isMap(value)) return undefined;
    const id = value.debugId ?? value.debug_id;
    const known = typeof id === 'string' ? { debugId: id.toLowerCase() } : {};
    return { ...known, ...questions(new FlattenMap(value as ConstructorParameters<typeof TraceMap>[0])) };
  } catch {
    return undefined;
  }
}

/** Debug id of a built file, from its last lines. */
export function debugIdOf(text: string): string | undefined {
  return DEBUG_ID.exec(text.slice(-TAIL))?.[1]?.toLowerCase();
}

/** What a built file names as its map: a URL or relative path; inlined maps are answered by {@link inlineSourceMap}. */
export function sourceMapUrl(text: string): string | undefined {
  const url = lastMapUrl(text.slice(-TAIL));
  return url?.startsWith('data:') ? undefined : url;
}

/** The map a built file carries within itself. */
export function inlineSourceMap(text: string): LoadedSourceMap | undefined {
  const at = text.lastIndexOf('sourceMappingURL=data:');
  if (at < 0) return undefined;
  const url = lastMapUrl(text.slice(text.lastIndexOf('\n', at) + 1));
  const head = url === undefined ? null : DATA_URL.exec(url);
  if (url === undefined || head === null) return undefined;
  try {
    const body = url.slice(head[0].length);
    return sourceMapFrom(head[1] === undefined ? decodeURIComponent(body) : fromBase64(body));
  } catch {
    return undefined;
  }
}

function questions(map: TraceMap): SourceMap {
  return {
    originalPlace(line: number, column: number): OriginalPlace | undefined {
      if (!(line >= 1 && column >= 1)) return undefined;
      const found = originalPositionFor(map, { line, column: column - 1 });
      if (typeof found.source !== 'string') return undefined;
      return { file: found.source, line: found.line, column: found.column + 1 };
    },
    sourceText(file: string): string | undefined {
      return sourceContentFor(map, file) ?? undefined;
    },
  };
}

function isMap(value: unknown): value is { readonly debugId?: unknown; readonly debug_id?: unknown } {
  return typeof value === 'object' && value !== null && ('mappings' in value || 'sections' in value);
}

function lastMapUrl(text: string): string | undefined {
  return [...text.matchAll(MAP_URL)].at(-1)?.[1];
}

function fromBase64(text: string): string {
  return new TextDecoder().decode(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)));
}
