/** The failing side: what the responsible code had called when it failed. */
import type { LazyFrame } from './frame/placed-frame.ts';
import { CARRIER_MODULES } from './lists.ts';

/**
 * Module and function through which the program went in, `yaml.parse`; empty when no module lies above. The
 * function deep inside that threw is left out: it changes with the module's version, the entry hardly ever.
 */
export function refusedBy(frames: readonly LazyFrame[], at: number): string {
  if (frames[at]?.().site?.module !== '') return '';
  const entry = frames.slice(0, at).findLast((above) => {
    const module = above().site?.module;
    return module && !CARRIER_MODULES.has(module);
  });
  const { site, name } = entry?.() ?? {};
  return [site?.module, name].filter((word) => word).join('.');
}
