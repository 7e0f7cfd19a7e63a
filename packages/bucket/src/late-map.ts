/** Failures of minified code whose map arrived after they were counted. */
import type { Bucket } from './bucket.ts';
import { bucketOf } from './bucketing.ts';
import type { SourceMap } from './failure.ts';

/** `main#d~fry3dkcsrdtv:1:1007!TypeError`, `main#~L1:1007!TypeError` */
const UNMAPPED = /^([^#]*)#([^~]*)~(?:L|[\da-z-]+:)(\d+):(\d+)(?=[>!])/;

/**
 * The bucket that a failure would have had with the map, from its unmapped bucket alone: a server may join the two
 * (count them as one problem) without having kept a stack. `undefined` when the bucket does not name a place in a built
 * file, or the map does not know it. Whoever has the stack asks `bucketOf` with the map instead: other frames may turn
 * out to be responsible.
 */
export function bucketWithMap(bucket: Bucket, map: SourceMap): Bucket | undefined {
  const [place, file = '', name = '', line, column] = UNMAPPED.exec(bucket.location) ?? [];
  if (place === undefined || !map.originalPlace(Number(line), Number(column))) return undefined;
  const { program, programVersion } = bucket;
  const stack = `Error\n    at ${name || '<anonymous>'} (/${program}/${file}.js:${line}:${column})`;
  const error = { name: 'Error', message: '', stack };
  const mapped = bucketOf({ kind: 'error', program, programVersion, error, sourceMap: () => map });
  const where = mapped.location.slice(0, mapped.location.indexOf('!'));
  return { ...mapped, location: where + bucket.location.slice(place.length) };
}
