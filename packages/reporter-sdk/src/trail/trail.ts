/**
 * The trail of a running program: its breadcrumbs, in memory for failures that it can note itself, and in a ring file for
 * ends that it cannot. The file is made at the first crumb, and only where the program has declared breadcrumbs and
 * its user allows them.
 * @module
 */
import { mayCollect } from '../allowance.ts';
import type { Settings } from '../host/settings/settings.ts';
import { type Breadcrumb, BreadcrumbRing } from './breadcrumbs.ts';
import { type CrumbWriter, crumbFile, crumbWriter } from './crumb-file.ts';

/** What a host adds crumbs to. */
export interface Trail {
  readonly ring: BreadcrumbRing;
  add(crumb: Breadcrumb): void;
}

/** Begins the trail of this process; `life`: the id of its run marker, where it has put up one. */
export function beginTrail(settings: Settings, life: string | undefined): Trail {
  const ring = new BreadcrumbRing();
  let wanted = life !== undefined && mayCollect('breadcrumbs', settings);
  let writer: CrumbWriter | undefined;
  return {
    ring,
    add(crumb) {
      const copy = ring.add(crumb, Date.now());
      if (!wanted || life === undefined) return;
      try {
        writer ??= crumbWriter(crumbFile(settings.spoolFolder, life));
        writer.write(copy);
      } catch {
        // A full disk: those in memory are still there.
        wanted = false;
      }
    },
  };
}
