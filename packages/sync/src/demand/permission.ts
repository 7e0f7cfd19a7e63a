import type { Bucket } from '@fr/bucket';
import { termsHash } from '@fr/protocol/signature';
import type { Policy } from '../policy/policy.ts';
import { policyRule } from '../policy/ruling.ts';
import type { StoredDemand } from './stored-demand.ts';

/** Whether the site lets a demand have information of a type, and why. `wait`: an administrator has to look at it. */
export interface Permission {
  readonly may: 'yes' | 'wait' | 'no';
  readonly reason: string;
  /** Who approved the demand, where it is that what lets it go. */
  readonly by?: string;
}

/** A decision counts only for the very terms that were read: any change of the signed part voids it. */
export function validDecision(stored: StoredDemand): 'approved' | 'denied' | undefined {
  const { approval, demand } = stored;
  return approval && approval.termsHash === termsHash(demand.terms) ? approval.decision : undefined;
}

/** Judges one type of one demand for one bucket. The policy's deny beats an approval. */
export function typePermission(
  stored: StoredDemand,
  policy: Policy,
  question: { readonly bucket: Bucket; readonly type: string; readonly bytes?: number | undefined },
): Permission {
  const { action, rule } = policyRule(policy, { ...question, destination: stored.source });
  const decision = validDecision(stored);
  if (action === 'deny') return { may: 'no', reason: `${question.type} is denied (${rule})` };
  if (decision === 'denied') {
    return { may: 'no', reason: `${stored.demand.terms.id} was denied by ${stored.approval?.by}` };
  }
  if (action === 'allow') return { may: 'yes', reason: `${question.type} is allowed (${rule})` };
  if (decision === 'approved') {
    const by = stored.approval?.by ?? '';
    return { may: 'yes', reason: `${question.type} was approved by ${by}`, by };
  }
  const stale = stored.approval ? '; an earlier decision was about other terms' : '';
  return { may: 'wait', reason: `${question.type} needs approval (${rule})${stale}` };
}
