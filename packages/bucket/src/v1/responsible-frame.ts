/**
 * The choice of the responsible frame: rules in order, the first that finds a frame decides. Each rule is one
 * condition on a frame, innermost frame first, and says in one sentence why a frame like that is to blame.
 */
import type { ClassifiedFrame } from './frame/classified-frame.ts';
import { ASSERTIONS, CARRIER_MODULES, ERROR_CLASS, ERROR_MAKER, GENERATED } from './lists.ts';
import type { Notes } from './verdict.ts';
import { leaveOut, ruleFired } from './verdict.ts';

interface FrameRule {
  readonly name: string;
  readonly reason: string;
  readonly holds: (frame: ClassifiedFrame) => boolean;
}

const RULES: readonly FrameRule[] = [
  {
    name: 'own-frame',
    reason: 'innermost frame of the program itself that does not just throw for its caller',
    holds: (frame) => isOwn(frame) && messengerOf(frame) === undefined,
  },
  {
    name: 'own-messenger',
    reason: 'the program has no other frame here than one that throws for its caller',
    holds: (frame) => isOwn(frame) && !GENERATED.has(frame.function),
  },
  {
    name: 'module-frame',
    reason: 'no frame of the program itself, so the innermost of a module that is not a mere carrier',
    holds: (frame) => isModule(frame) && messengerOf(frame) === undefined,
  },
  {
    name: 'any-module-frame',
    reason: 'nothing but carriers: the innermost frame of a module',
    holds: isModule,
  },
  {
    name: 'generated-frame',
    reason: 'nothing but code that a compiler wrote into the program',
    holds: isOwn,
  },
];

/** The index of the responsible frame; -1 when every frame belongs to the runtime. */
export function responsibleFrame(frames: readonly ClassifiedFrame[], notes: Notes): number {
  for (const rule of RULES) {
    const at = frames.findIndex(rule.holds);
    if (at < 0) continue;
    ruleFired(notes, rule.name, rule.reason);
    for (const above of frames.slice(0, at))
      leaveOut(notes, above.frame.text.slice(0, 120), whyPassed(above));
    return at;
  }
  return -1;
}

/** What kind of messenger a frame is, in words for the explanation. */
function messengerOf({ function: printed, site, frame }: ClassifiedFrame): string | undefined {
  const name = printed.replace(/^#/, '');
  if (site.side === 'module' && CARRIER_MODULES.has(site.module)) return 'carrier module';
  if (ASSERTIONS.has(name)) return 'assertion';
  if (ERROR_CLASS.test(name) || (frame.constructs && name.endsWith('Error'))) return 'error class';
  if (ERROR_MAKER.test(name)) return 'error maker';
  return GENERATED.has(name) ? 'generated code' : undefined;
}

function whyPassed(frame: ClassifiedFrame): string {
  if (frame.site.side === 'runtime') return 'the runtime, not the program';
  return messengerOf(frame) ?? 'a module the program called';
}

function isOwn({ site }: ClassifiedFrame): boolean {
  return site.side === 'own';
}

function isModule({ site }: ClassifiedFrame): boolean {
  return site.side === 'module';
}
