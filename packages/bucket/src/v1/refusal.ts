/** The failing side: what the responsible code had called when it failed. */
import type { LazyFrame, PlacedFrame } from './frame/placed-frame.ts';
import { CARRIER_MODULES, ERROR_CLASS, ERROR_MAKER } from './lists.ts';
import { joined } from './verdict.ts';

/**
 * Module and the function of it through which the program went in, `yaml.parse`; empty when no module lies above.
 * Where no code says why it refused, the function that threw has to, `ajv.compile:checkKeyword`: the message would,
 * but only together with data.
 */
export function refusedBy(frames: readonly LazyFrame[], at: number, isCoded: boolean): string {
  if (frames[at]?.().site?.module !== '') return '';
  const above = frames.slice(0, at).map((frame) => frame());
  const entry = above.findLast(({ site }) => site?.module && !CARRIER_MODULES.has(site.module));
  const module = entry?.site?.module;
  if (!module) return '';
  const thrower = isCoded
    ? entry
    : above.find((frame) => frame.site?.module === module && !makesError(frame));
  const names = [entry, thrower ?? entry].map(({ name }) => plain(name));
  return joined([joined([module, names[0] ?? ''], '.'), names[0] === names[1] ? '' : (names[1] ?? '')], ':');
}

function makesError({ name }: PlacedFrame): boolean {
  return ERROR_CLASS.test(name) || ERROR_MAKER.test(name);
}

/** Bundlers number the names that several files of a module share. */
function plain(name: string): string {
  return name.replace(/\$\d+$/, '');
}
