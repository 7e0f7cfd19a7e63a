/**
 * Whether a rule fits, condition by condition and each with its reason, so that what decides is also what explains.
 * @module
 */
import { type Bucket, bucketId, problemId } from '@fr/bucket';
import { type DemandPattern, matchesGlob } from '@fr/protocol';
import { printBytes } from './byte-size.ts';
import type { Patterns, PolicyRule, RuleConditions } from './policy.ts';
import { versionFits } from './version-range.ts';

/** `perhaps`: only where a demand's pattern leaves open what it will mean. */
export type Fit = 'yes' | 'no' | 'perhaps';

/** What is asked about: one bucket as a whole, or whatever a demand's pattern may come to mean. */
export type RuleSubject = {
  readonly type: string;
  readonly bytes?: number | undefined;
  /** Absent where it is about collecting for the site itself. */
  readonly to?: string | undefined;
} & (
  | { readonly known: 'whole'; readonly bucket: Bucket }
  | { readonly known: 'pattern'; readonly pattern: DemandPattern }
);

/** One condition of a rule, and whether it is met. */
export interface ConditionFit {
  readonly condition: keyof RuleConditions;
  readonly fit: Fit;
  /** As in: program is "till", the rule says bank. */
  readonly because: string;
}

/** A rule's fit: `no` where one condition fails, `yes` where all are met. */
export interface RuleFit {
  readonly fit: Fit;
  readonly conditions: readonly ConditionFit[];
}

/** Judges one rule. */
export function judgeRule(rule: PolicyRule, subject: RuleSubject): RuleFit {
  const conditions = [...textConditions(rule, subject), ...sizeCondition(rule, subject)];
  const fits = conditions.map(({ fit }) => fit);
  if (fits.includes('no')) return { fit: 'no', conditions };
  return { fit: fits.includes('perhaps') ? 'perhaps' : 'yes', conditions };
}

const TEXTS = ['program', 'programVersion', 'module', 'bucket', 'problem', 'type', 'to'] as const;
type TextCondition = (typeof TEXTS)[number];

function textConditions(rule: PolicyRule, subject: RuleSubject): readonly ConditionFit[] {
  return TEXTS.flatMap((condition) => {
    const wanted = rule[condition];
    if (wanted === undefined) return [];
    const { text, open } = askedOf(condition, subject);
    const fit = open ? openFit(wanted) : closedFit(rule, condition, wanted, text);
    const is = text === undefined ? 'not known' : `"${text}"`;
    return [
      { condition, fit, because: `${condition} is ${is}, the rule says ${[wanted].flat().join(' or ')}` },
    ];
  });
}

/** `open`: the demand's pattern may mean several, or says nothing of it. */
function askedOf(
  condition: TextCondition,
  subject: RuleSubject,
): { readonly text: string | undefined; readonly open: boolean } {
  if (condition === 'type' || condition === 'to') return { text: subject[condition], open: false };
  if (subject.known === 'whole') {
    const { bucket } = subject;
    if (condition === 'bucket') return { text: bucketId(bucket), open: false };
    return { text: condition === 'problem' ? problemId(bucket) : bucket[condition], open: false };
  }
  const { pattern } = subject;
  const text = { ...pattern, bucket: pattern.bucketId, problem: pattern.problemId }[condition];
  return { text, open: text === undefined || text.includes('*') };
}

function openFit(wanted: Patterns): Fit {
  return [wanted].flat().includes('*') ? 'yes' : 'perhaps';
}

function closedFit(
  rule: PolicyRule,
  condition: TextCondition,
  wanted: Patterns,
  text: string | undefined,
): Fit {
  if (text === undefined) return 'no';
  const fits = [wanted].flat().some((each) => oneFits(rule, condition, each, text));
  return fits ? 'yes' : 'no';
}

/** A version that cannot be compared escapes no rule that holds back, and profits of none that lets go. */
function oneFits(rule: PolicyRule, condition: TextCondition, wanted: string, text: string): boolean {
  if (condition !== 'programVersion') return matchesGlob(wanted, text);
  const fit = versionFits(wanted, text);
  return fit === 'unclear' ? rule.action !== 'allow' : fit === 'yes';
}

function sizeCondition({ largerThan }: PolicyRule, { known, bytes }: RuleSubject): readonly ConditionFit[] {
  if (largerThan === undefined) return [];
  const says = `the rule says larger than ${printBytes(largerThan)}`;
  if (bytes === undefined) {
    const fit = known === 'whole' ? 'no' : 'perhaps';
    return [{ condition: 'largerThan', fit, because: `its size is not known yet, ${says}` }];
  }
  const fit = bytes > largerThan ? 'yes' : 'no';
  return [{ condition: 'largerThan', fit, because: `it has ${printBytes(bytes)}, ${says}` }];
}
