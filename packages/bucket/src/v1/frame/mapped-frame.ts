/** A frame of a built file, moved to where a source map says it was written. */
import type { Failure } from '../../failure.ts';
import { sourceMapOf } from '../../source/raw-map.ts';
import type { Frame } from '../../stack/frame.ts';
import { attempt } from '../../total.ts';
import { sourceOf } from './source-text.ts';

export interface MappedFrame {
  readonly frame: Frame;
  /** Text of the file the frame lies in. */
  source(): string | undefined;
}

/** `undefined` without a map, or when the map does not know the place. */
export function mappedFrame(printed: Frame, failure: Failure): MappedFrame | undefined {
  const { line, column = 1 } = printed;
  const map =
    line === undefined || !printed.file ? undefined : sourceMapOf(failure.sourceMap?.(printed.file));
  const place = map?.originalPlace(Number(line), column);
  if (typeof place?.file !== 'string') return undefined;
  const file = besides(printed.file, place.file);
  return {
    frame: { ...printed, file, line: place.line, column: place.column },
    source: () => {
      // A lying map is no reason to know less than without one.
      const text = attempt(() => map?.sourceText?.(place.file));
      return typeof text === 'string' ? text : (sourceOf(file, failure) ?? sourceOf(place.file, failure));
    },
  };
}

/** Sources are named relative to the built file. */
function besides(built: string, source: string): string {
  if (/^(?:[a-z][a-z\d+.-]*:|\/|\\)/i.test(source)) return source;
  const folders = built.replaceAll('\\', '/').split('/').slice(0, -1);
  for (const part of source.slice(0, 1024).split('/')) {
    if (part === '..') folders.pop();
    else if (part !== '.') folders.push(part);
  }
  return folders.join('/');
}
