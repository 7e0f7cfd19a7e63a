import { matchesGlob } from '@fr/protocol';
import type { SendWindow } from './send-window.ts';

/** What may happen to information of a type: at once, never, or after an administrator's approval. */
export const POLICY_ACTIONS = ['allow', 'deny', 'ask'] as const;
export type PolicyAction = (typeof POLICY_ACTIONS)[number];

/** One glob (`*` for any run of characters), or several of which any may fit. */
export type Patterns = string | readonly string[];

/** Names programs that may be spoken of towards a destination. */
export interface OfferRule {
  readonly program: Patterns;
  /** The destination's origin (`https://vendor.example`); absent: every destination. */
  readonly to?: Patterns;
  /** Where it stands in the file, from 1. */
  readonly line?: number;
}

/** What a rule can be about; every member that is given must fit. */
export interface RuleConditions {
  readonly program?: Patterns;
  /** Globs or comparisons (`>=1.2 <2`). */
  readonly programVersion?: Patterns;
  readonly module?: Patterns;
  /** Bucket ids. */
  readonly bucket?: Patterns;
  /** Problem ids. */
  readonly problem?: Patterns;
  /** Information types. */
  readonly type?: Patterns;
  /** The destination's origin; such a rule says nothing about collecting for the site itself. */
  readonly to?: Patterns;
  /** Fits only information known to be larger than so many bytes. */
  readonly largerThan?: number;
}

/** One rule. */
export interface PolicyRule extends RuleConditions {
  readonly action: PolicyAction;
  /** Where it stands in the file, from 1. */
  readonly line?: number;
}

/** What is removed from parts before they leave. There is no way to say that less be removed. */
export interface Redaction {
  readonly program?: Patterns;
  readonly type?: Patterns;
  readonly to?: Patterns;
  /** Values of these keys go, at any depth; `outer.inner` for one inside another. */
  readonly keys?: Patterns;
  /** These texts go; a `*` at either end takes the rest of the word along. */
  readonly texts?: Patterns;
  readonly line?: number;
}

/** What the site sends of each bucket by itself, in the bundles it exports. */
export interface StandingRule {
  readonly program: Patterns;
  /** Information types by name. */
  readonly type: Patterns;
  /** Samples of each type from each bucket. Default: 1. */
  readonly count?: number;
  /** The destination's origin; absent: every destination. */
  readonly to?: Patterns;
  readonly reason?: string;
  readonly line?: number;
}

/** How much may leave at the most; absent members set no bound. */
export interface Caps {
  /** Headers and payload together, in any 24 hours. */
  readonly bytesPerDay?: number;
  /** Entries of one bucket that may ever leave. */
  readonly entriesPerBucket?: number;
  /** Bytes of what leaves of one entry. */
  readonly entryBytes?: number;
}

/** A site's rules. The first rule that fits decides; where none fits, the information type's own default does. */
export interface Policy {
  readonly version: 1;
  readonly offer: readonly OfferRule[];
  readonly rules: readonly PolicyRule[];
  /** `off`: nothing is collected and nothing leaves. Default: on. */
  readonly everything?: 'on' | 'off';
  /** `off`: reporters are asked for nothing but hits. Default: on. */
  readonly collect?: 'on' | 'off';
  /** `off`: not a byte leaves, not even an offer. Default: on. */
  readonly send?: 'on' | 'off';
  /** `entry`: somebody looks at each entry before it leaves. Default: none. */
  readonly review?: 'none' | 'entry';
  /** `off`: what vendors say of failures is not passed on to the people at their programs. Default: on. */
  readonly answers?: 'on' | 'off';
  readonly redact?: readonly Redaction[];
  readonly caps?: Caps;
  /** What is carried out of a closed network although nobody asks. */
  readonly standing?: readonly StandingRule[];
  /** When bytes may leave. Absent or empty: at any time. */
  readonly schedule?: readonly SendWindow[];
}

/** What holds where the administrator has written nothing: no program is offered, types follow their defaults. */
export const DEFAULT_POLICY: Policy = { version: 1, offer: [], rules: [] };

/**
 * Whether anything about a program may leave for a destination, its name included. `programsFromCommandLine` are the
 * administrator's `--upstream-program` names, which may hold `*` as well.
 */
export function mayOffer(
  policy: Policy,
  program: string,
  destination: string,
  programsFromCommandLine: readonly string[],
): boolean {
  return listing(policy, program, destination, programsFromCommandLine) !== undefined;
}

/** What lists a program for a destination, in words; nothing where it is not listed. */
export function listing(
  policy: Policy,
  program: string,
  destination: string,
  programsFromCommandLine: readonly string[],
): string | undefined {
  const named = programsFromCommandLine.find((glob) => matchesGlob(glob, program));
  if (named !== undefined) return `--upstream-program ${named}`;
  const index = policy.offer.findIndex(
    ({ program: programs, to }) =>
      anyFits(programs, program) && (to === undefined || anyFits(to, destination)),
  );
  const offer = policy.offer[index];
  if (!offer) return undefined;
  return `offer ${index + 1}${offer.line === undefined ? '' : ` (line ${offer.line})`}`;
}

/** Whether any of the patterns fits. */
export function anyFits(patterns: Patterns, text: string): boolean {
  return [patterns].flat().some((glob) => matchesGlob(glob, text));
}

/** Whether reporters may be asked for anything but hits. */
export function mayCollect({ everything, collect }: Policy): boolean {
  return everything !== 'off' && collect !== 'off';
}

/** Which switch forbids that anything leaves, as it stands in the file; nothing where sending is on. */
export function sendingSwitchedOff({ everything, send }: Policy): string | undefined {
  if (everything === 'off') return 'everything: off';
  return send === 'off' ? 'send: off' : undefined;
}
