import type { Bucket } from '@fr/bucket';
import { informationType, matchesGlob } from '@fr/protocol';

/** What may happen to information of a type: at once, never, or after an administrator's approval. */
export const POLICY_ACTIONS = ['allow', 'deny', 'ask'] as const;
export type PolicyAction = (typeof POLICY_ACTIONS)[number];

/** Names programs that may be spoken of towards a destination. Both members are globs (`*` for any run of characters). */
export interface OfferRule {
  readonly program: string;
  /** The destination's origin (`https://vendor.example`); absent: every destination. */
  readonly to?: string;
}

/** One rule; every member that is given must fit. Text members are globs. */
export interface PolicyRule {
  readonly program?: string;
  readonly programVersion?: string;
  readonly module?: string;
  /** Information type. */
  readonly type?: string;
  /** The destination's origin; such a rule says nothing about collecting for the site itself. */
  readonly to?: string;
  /** Fits only information known to be larger than so many bytes. */
  readonly largerThan?: number;
  readonly action: PolicyAction;
}

/** A site's rules. The first rule that fits decides; where none fits, the information type's own default does. */
export interface Policy {
  readonly version: 1;
  readonly offer: readonly OfferRule[];
  readonly rules: readonly PolicyRule[];
}

/** What holds where the administrator has written nothing: no program is offered, types follow their defaults. */
export const DEFAULT_POLICY: Policy = { version: 1, offer: [], rules: [] };

/** What a rule is asked about. Unknown members are left out; a rule that names one of them then does not fit. */
export interface PolicyQuestion {
  readonly bucket: Bucket;
  readonly type: string;
  readonly bytes?: number | undefined;
  /** Absent where it is about collecting for the site itself. */
  readonly destination?: string | undefined;
}

/** The action, and in words which rule said so. */
export interface PolicyRuling {
  readonly action: PolicyAction;
  readonly rule: string;
}

/** The first rule that fits, or the type's default: `leaves` of a known type, deny for one nobody here knows. */
export function policyRule(policy: Policy, question: PolicyQuestion): PolicyRuling {
  const index = policy.rules.findIndex((rule) => ruleFits(rule, question));
  const rule = policy.rules[index];
  if (rule) return { action: rule.action, rule: describeRule(rule, index) };
  return defaultRuling(question.type);
}

/** What holds for a type that no rule speaks of. */
export function defaultRuling(type: string): PolicyRuling {
  const facts = informationType(type);
  if (!facts) return { action: 'deny', rule: `default: "${type}" is not known here` };
  return { action: facts.leaves, rule: `default for ${type}` };
}

/** How a rule is shown to people: its number in the file, counted from 1, and what it says. */
function describeRule(rule: PolicyRule, index: number): string {
  const { action, ...conditions } = rule;
  const words = Object.entries(conditions).map(([name, value]) => `${name} ${value}`);
  return `rule ${index + 1}: ${action} ${words.length > 0 ? words.join(', ') : 'everything'}`;
}

function ruleFits(rule: PolicyRule, { bucket, type, bytes, destination }: PolicyQuestion): boolean {
  return (
    fits(rule.program, bucket.program) &&
    fits(rule.programVersion, bucket.programVersion) &&
    fits(rule.module, bucket.module) &&
    fits(rule.type, type) &&
    fits(rule.to, destination) &&
    (rule.largerThan === undefined || (bytes !== undefined && bytes > rule.largerThan))
  );
}

function fits(glob: string | undefined, text: string | undefined): boolean {
  return glob === undefined || (text !== undefined && matchesGlob(glob, text));
}

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
  return (
    programsFromCommandLine.some((glob) => matchesGlob(glob, program)) ||
    policy.offer.some((offer) => matchesGlob(offer.program, program) && fits(offer.to, destination))
  );
}
