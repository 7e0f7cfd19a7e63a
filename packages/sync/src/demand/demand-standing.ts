import type { Bucket } from '@fr/bucket';
import type { Policy, PolicyAction } from '../policy/policy.ts';
import { judgeRule } from '../policy/rule-fit.ts';
import { defaultRuling, policyRule } from '../policy/ruling.ts';
import { validDecision } from './permission.ts';
import type { StoredDemand } from './stored-demand.ts';

/** Where a demand stands at this site. */
export interface DemandStanding {
  /**
   * `open`: the policy allows every type it may have. `waiting`: some type needs approval. `approved` / `denied`: an
   * administrator decided on exactly these terms. `refused`: the policy denies all of it. `expired`, `closed`: over.
   */
  readonly state: 'open' | 'waiting' | 'approved' | 'denied' | 'refused' | 'expired' | 'closed';
  readonly reason: string;
}

/**
 * Judges a demand as a whole: for one bucket, or (without one) for whatever its pattern may mean. Then a rule that
 * may or may not fit is counted as possible, so that "open" is only said where nothing can need an approval.
 */
export function demandStanding(input: {
  readonly stored: StoredDemand;
  readonly policy: Policy;
  readonly bucket?: Bucket | undefined;
  readonly now: number;
}): DemandStanding {
  const { stored, policy, bucket, now } = input;
  const { terms } = stored.demand;
  if (stored.closedAt !== undefined) return { state: 'closed', reason: 'met, withdrawn or no longer listed' };
  if (terms.until <= now) return { state: 'expired', reason: `ended ${new Date(terms.until).toISOString()}` };
  if (stored.source === 'own') return { state: 'open', reason: 'our own' };
  const by = stored.approval?.by ?? '';
  const decision = validDecision(stored);
  if (decision === 'denied') return { state: 'denied', reason: `denied by ${by}` };
  const actions = terms.types.map(({ type }) => ({
    type,
    possible: actionsFor(stored, policy, type, bucket),
  }));
  const denied = actions.filter(({ possible }) => possible.every((action) => action === 'deny'));
  const asking = actions.filter(({ possible }) => possible.includes('ask'));
  const besides = denied.length > 0 ? `; denied by the policy: ${names(denied)}` : '';
  if (denied.length === terms.types.length) {
    return { state: 'refused', reason: `the policy denies ${names(denied)}` };
  }
  if (decision === 'approved') return { state: 'approved', reason: `approved by ${by}${besides}` };
  if (asking.length > 0) {
    const stale = stored.approval ? '; an earlier decision was about other terms' : '';
    return { state: 'waiting', reason: `needs approval: ${names(asking)}${besides}${stale}` };
  }
  return { state: 'open', reason: `allowed by the policy${besides}` };
}

function names(types: readonly { readonly type: string }[]): string {
  return types.map(({ type }) => type).join(', ');
}

function actionsFor(
  stored: StoredDemand,
  policy: Policy,
  type: string,
  bucket: Bucket | undefined,
): readonly PolicyAction[] {
  if (bucket) return [policyRule(policy, { bucket, type, destination: stored.source }).action];
  const { pattern } = stored.demand.terms;
  const actions: PolicyAction[] = [];
  for (const rule of policy.rules) {
    const { fit } = judgeRule(rule, { known: 'pattern', pattern, type, to: stored.source });
    if (fit !== 'no') actions.push(rule.action);
    if (fit === 'yes') return actions;
  }
  return [...actions, defaultRuling(type).action];
}
