import type { Failure } from '../failure.ts';
import type { Frame } from '../stack/frame.ts';
import { functionName } from './function-name.ts';
import type { Site } from './site.ts';
import { siteOf } from './site.ts';

/** A frame and what is known about where it lies. */
export interface ClassifiedFrame {
  readonly frame: Frame;
  readonly site: Site;
  readonly function: string;
}

export function classify(frames: readonly Frame[], failure: Failure): ClassifiedFrame[] {
  const sites = new Map<string, Site>();
  return frames.map((frame) => {
    let site = sites.get(frame.file);
    if (site === undefined) {
      site = siteOf(frame.file, failure);
      sites.set(frame.file, site);
    }
    return { frame, site, function: functionName(frame.name) };
  });
}
