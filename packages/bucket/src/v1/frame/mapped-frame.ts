/** A frame of a built file, moved to where a source map says it was written. */
import type { Failure, SourceMap } from '../../failure.ts';
import { sourceMapOf } from '../../source/raw-map.ts';
import type { Frame } from '../../stack/frame.ts';
import { sourceOf } from './file-name.ts';

export interface MappedFrame {
  readonly frame: Frame;
  readonly mapped: boolean;
  /** Text of the file the frame lies in. */
  readonly source: () => string | undefined;
}

export function mapFrame(frame: Frame, failure: Failure): MappedFrame {
  const unmapped = { frame, mapped: false, source: () => sourceOf(frame.file, failure) };
  if (failure.sourceMap === undefined || frame.line === undefined || frame.file === '') return unmapped;
  try {
    const map = sourceMapOf(failure.sourceMap(frame.file));
    const place = map?.originalPlace(frame.line, frame.column ?? 1);
    if (map === undefined || typeof place?.file !== 'string') return unmapped;
    const file = besides(frame.file, place.file);
    const moved = { ...frame, file, line: place.line, column: place.column };
    return { frame: moved, mapped: true, source: () => originalText(map, place.file, file, failure) };
  } catch {
    return unmapped;
  }
}

function originalText(map: SourceMap, name: string, file: string, failure: Failure): string | undefined {
  try {
    const text = map.sourceText?.(name);
    if (typeof text === 'string') return text;
  } catch {
    // A lying map is no reason to know less than without one.
  }
  return sourceOf(file, failure) ?? sourceOf(name, failure);
}

/** Sources are named relative to the built file. */
function besides(built: string, source: string): string {
  if (/^(?:[a-z][a-z0-9+.-]*:|\/|\\)/i.test(source)) return source;
  const folders = built.replaceAll('\\', '/').split('/').slice(0, -1);
  for (const part of source.slice(0, 1024).split('/')) {
    if (part === '..') folders.pop();
    else if (part !== '.') folders.push(part);
  }
  return folders.join('/');
}
