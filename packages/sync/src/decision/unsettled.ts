import { typePermission } from '../demand/permission.ts';
import type { LedgerRecord } from '../ledger/record.ts';
import { mayOffer } from '../policy/policy.ts';
import type { DecisionInput } from './decision.ts';
import type { Decision } from './verdict.ts';

/**
 * Decides about an entry that was sent before without word of its arrival. The other side may hold it, and then wants
 * nothing more: so the very same parts are sent again, whatever the quotas say now, and it answers "duplicate" or
 * "not needed". Only if the site still lets every one of them go; otherwise nothing, and the usual decision holds.
 */
export function decideUnsettled(
  { entry, demands, policy, to, programs }: Omit<DecisionInput, 'quotas' | 'now'>,
  attempt: Pick<LedgerRecord, 'to' | 'types' | 'demands' | 'approvedBy'>,
): Decision | undefined {
  const { bucket, parts } = entry.header;
  const sent = parts.filter(({ type }) => attempt.types?.includes(type));
  const behind = demands.filter(({ demand }) => attempt.demands.includes(demand.terms.id));
  const mayGo = sent.every(({ type, bytes }) =>
    behind.some(
      (stored) =>
        stored.demand.terms.types.some((wanted) => wanted.type === type) &&
        typePermission(stored, policy, { bucket, type, bytes }).may === 'yes',
    ),
  );
  if (entry.state === 'uploaded' || sent.length === 0 || sent.length !== attempt.types?.length)
    return undefined;
  if (attempt.to !== to || !mayGo || !mayOffer(policy, bucket.program, to, programs)) return undefined;
  return {
    verdict: 'upload',
    types: sent.map(({ type }) => type),
    demands: attempt.demands,
    ...(attempt.approvedBy ? { approvedBy: attempt.approvedBy } : {}),
    reason: 'it was sent before without word of its arrival; sent again to hear whether it is there',
  };
}
