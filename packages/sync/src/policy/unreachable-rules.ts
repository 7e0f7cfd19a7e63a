import type { PolicyRule, RuleConditions } from './policy.ts';

/** A rule that can never decide, and the one before it that always will. Both counted from 1. */
export interface UnreachableRule {
  readonly rule: number;
  readonly line?: number;
  readonly behind: number;
}

/** Rules that stand behind one whose every condition they share: almost always a mistake in their order. */
export function unreachableRules(rules: readonly PolicyRule[]): readonly UnreachableRule[] {
  return rules.flatMap((rule, index) => {
    const behind = rules.slice(0, index).findIndex((earlier) => covers(earlier, rule));
    if (behind < 0) return [];
    const line = rule.line === undefined ? {} : { line: rule.line };
    return [{ rule: index + 1, ...line, behind: behind + 1 }];
  });
}

function covers(earlier: PolicyRule, later: PolicyRule): boolean {
  const { action: _action, line: _line, ...conditions } = earlier;
  return Object.entries(conditions).every(([name, value]) => {
    const same = later[name as keyof RuleConditions];
    // What is collected for the site itself goes to nobody, which no "to" fits.
    if (same === undefined) return value === '*' && name !== 'to';
    // A version that cannot be compared is passed by a rule that allows, and not by one that holds back.
    if (name === 'programVersion' && earlier.action === 'allow' && later.action !== 'allow') return false;
    if (typeof value === 'number') return typeof same === 'number' && same >= value;
    const wider = [value].flat();
    return wider.includes('*') || [same].flat().every((each) => wider.includes(String(each)));
  });
}
