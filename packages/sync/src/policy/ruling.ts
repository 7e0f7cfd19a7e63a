import type { Bucket } from '@fr/bucket';
import { informationType } from '@fr/protocol';
import { printBytes } from './byte-size.ts';
import type { Policy, PolicyAction, PolicyRule } from './policy.ts';
import { judgeRule, type RuleSubject } from './rule-fit.ts';

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
  /** `rule 2 (line 9): deny type core`, or `default for core`. */
  readonly rule: string;
}

/** The first rule that fits, or the type's default: `leaves` of a known type, deny for one nobody here knows. */
export function policyRule(policy: Policy, question: PolicyQuestion): PolicyRuling {
  const subject = subjectOf(question);
  const index = policy.rules.findIndex((rule) => judgeRule(rule, subject).fit === 'yes');
  const rule = policy.rules[index];
  return rule ? { action: rule.action, rule: describeRule(rule, index) } : defaultRuling(question.type);
}

/** A question as rules are judged by it. */
export function subjectOf({ bucket, type, bytes, destination }: PolicyQuestion): RuleSubject {
  return { known: 'whole', bucket, type, bytes, to: destination };
}

/** What holds for a type that no rule speaks of. */
export function defaultRuling(type: string): PolicyRuling {
  const facts = informationType(type);
  if (!facts) return { action: 'deny', rule: `default: "${type}" is not known here` };
  return { action: facts.leaves, rule: `default for ${type}` };
}

/** How a rule is shown to people: its number, counted from 1, its line, and what it says. */
export function describeRule(rule: PolicyRule, index: number): string {
  const where = rule.line === undefined ? '' : ` (line ${rule.line})`;
  return `rule ${index + 1}${where}: ${rule.action} ${describeConditions(rule)}`;
}

/** What a rule is about, in words: `type core or minidump, largerThan 1 MB`. */
export function describeConditions(rule: PolicyRule): string {
  const { action: _action, line: _line, ...conditions } = rule;
  const words = Object.entries(conditions).map(([name, value]) =>
    typeof value === 'number' ? `${name} ${printBytes(value)}` : `${name} ${[value].flat().join(' or ')}`,
  );
  return words.length > 0 ? words.join(', ') : 'everything';
}
