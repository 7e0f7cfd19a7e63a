/**
 * The choice of the responsible frame: rules in order, the first that finds a frame decides. Each rule is one
 * condition on a frame, innermost frame first; `sentences.ts` says why a frame like that is to blame.
 */
import type { LazyFrame, PlacedFrame } from './frame/placed-frame.ts';
import { ASSERTIONS, CARRIER_MODULES, ERROR_CLASS, ERROR_MAKER, GENERATED } from './lists.ts';
import type { Notes } from './notes.ts';
import { leaveOut, ruleFired } from './notes.ts';

const RULES: readonly (readonly [name: string, holds: (frame: PlacedFrame) => unknown])[] = [
  ['own-frame', (frame) => isOwn(frame) && !frame.frame.evaluated && !messengerOf(frame)],
  ['evaluated-frame', (frame) => isOwn(frame) && !messengerOf(frame)],
  ['own-messenger', (frame) => isOwn(frame) && !GENERATED.has(frame.name)],
  ['module-frame', (frame) => frame.site?.module && !messengerOf(frame)],
  ['any-module-frame', (frame) => frame.site?.module],
  ['generated-frame', isOwn],
];

/** The index of the responsible frame; -1 when every frame belongs to the runtime. */
export function responsibleFrame(frames: readonly LazyFrame[], notes: Notes): number {
  for (const [rule, holds] of RULES) {
    const at = frames.findIndex((frame) => holds(frame()));
    if (at < 0) continue;
    ruleFired(notes, rule);
    for (const above of frames.slice(0, at)) leaveOut(notes, above().frame.text, () => whyPassed(above()));
    return at;
  }
  return -1;
}

/** What kind of messenger a frame is, in words for the explanation. */
function messengerOf(placed: PlacedFrame): string {
  const { name: printed, site, frame } = placed;
  const name = printed.replace('#', '');
  if (CARRIER_MODULES.has(site?.module ?? '')) return 'carrier module';
  if (ASSERTIONS.has(name)) return 'assertion';
  if (ERROR_CLASS.test(name) || /^new .*Error$/.test(frame.name)) return 'error class';
  if (ERROR_MAKER.test(name)) return 'error maker';
  if (GENERATED.has(name)) return 'generated code';
  return site?.module === '' && placed.failsForCaller() ? 'fails for its caller' : '';
}

function whyPassed(frame: PlacedFrame): string {
  if (isOwn(frame) && frame.frame.evaluated) return 'evaluated';
  return frame.site ? messengerOf(frame) || 'module' : 'runtime';
}

function isOwn({ site }: PlacedFrame): boolean {
  return site?.module === '';
}
