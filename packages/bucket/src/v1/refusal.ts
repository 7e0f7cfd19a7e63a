/** The failing side: what the responsible code had called when it failed. */
import type { ClassifiedFrame } from './frame/classified-frame.ts';
import { CARRIER_MODULES } from './lists.ts';

/**
 * Module and function through which the program went in, `yaml.parse`; empty when no module lies above. The
 * function deep inside that threw is left out: it changes with the module's version, the entry hardly ever.
 */
export function refusedBy(frames: readonly ClassifiedFrame[], at: number): string {
  if (frames[at]?.site.side !== 'own') return '';
  for (let above = at - 1; above >= 0; above--) {
    const { site, function: name } = frames[above] ?? {};
    if (site === undefined || site.side === 'runtime') continue;
    if (site.side === 'own' || CARRIER_MODULES.has(site.module)) continue;
    return name === '' ? site.module : `${site.module}.${name}`;
  }
  return '';
}
