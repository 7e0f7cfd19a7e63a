/**
 * The heart of a pass: for one entry, what is to happen and why. A pure function of what is held, what is asked, what
 * the policy says and what a person has approved, so that it can be tested as a table and shown to people before
 * anything moves.
 * @module
 */
import { bucketId } from '@fr/bucket';
import type { EntryHeader, Quota, Receipt } from '@fr/protocol';
import { asksAbout } from '../demand/conditions.ts';
import { typePermission } from '../demand/permission.ts';
import { isOpen, type StoredDemand, signedCount } from '../demand/stored-demand.ts';
import { mayOffer, type Policy } from '../policy/policy.ts';
import type { ReviewOf } from './entry-review.ts';
import { type Spent, throughGates } from './gates.ts';
import type { Decision } from './verdict.ts';

/** What a decision needs to know of an entry; the store's entries fit by shape. */
export interface EntryFacts {
  readonly header: EntryHeader;
  readonly state: 'pending' | 'uploaded';
  readonly receipts: readonly Receipt[];
}

/** Everything a decision depends on. */
export interface DecisionInput {
  readonly entry: EntryFacts;
  /** With the decisions people took on them. Those of other sources, closed and expired ones are passed over. */
  readonly demands: readonly StoredDemand[];
  /** What is still wanted; those of other buckets are passed over. Never believed above the signed count. */
  readonly quotas: readonly Quota[];
  readonly policy: Policy;
  /** The destination's origin. */
  readonly to: string;
  /** Programs listed for it on the command line, besides those of the policy. */
  readonly programs: readonly string[];
  readonly now: number;
  /** People's word on entries. Default: nobody has looked at anything. */
  readonly reviews?: ReviewOf | undefined;
  /** What has left already, for the caps. Default: nothing. */
  readonly spent?: Spent | undefined;
}

/** One type wanted by one demand, judged for the entry. */
interface Judged {
  readonly type: string;
  readonly demandId: string;
  readonly as: 'send' | 'wait' | 'deny' | 'collect' | 'nothing';
  readonly reason: string;
  readonly by?: string | undefined;
}

/** Decides about one entry. An upload names only types that an open demand still wants and the site lets go. */
export function decide(input: DecisionInput): Decision {
  const { entry, policy, to, programs } = input;
  const { program } = entry.header.bucket;
  if (entry.state === 'uploaded') return keep('it was uploaded before');
  if (!mayOffer(policy, program, to, programs)) return keep(`"${program}" is not listed for ${to}`);
  const judged = wantedTypes(input).map((want) => judge(want, input));
  if (judged.length === 0) return keep('nothing of this bucket is wanted now');
  const upload = verdict('upload', judged, 'send', entry);
  if (upload) return throughGates(upload, entry.header, input);
  return (
    verdict('await-approval', judged, 'wait', entry) ??
    verdict('refuse', judged, 'deny', entry) ??
    verdict('ask-to-collect', judged, 'collect', entry) ??
    keep(reasons(judged))
  );
}

function keep(reason: string): Decision {
  return { verdict: 'keep', types: [], demands: [], reason };
}

/** Every type that an open demand wants of this bucket, once per demand. */
function wantedTypes({ entry, demands, quotas, to, now }: DecisionInput): readonly [string, StoredDemand][] {
  const { bucket, platform } = entry.header;
  const id = bucketId(bucket);
  const here = quotas.filter((quota) => quota.bucketId === id && quota.count > 0);
  const asking = new Set(here.map(({ demandId }) => demandId));
  return demands
    .filter((stored) => asking.has(stored.demand.terms.id) && stored.source === to && isOpen(stored, now))
    .filter((stored) => asksAbout(stored.demand.terms, { bucket, entry: { platform } }))
    .flatMap((stored) =>
      here
        .filter((quota) => quota.demandId === stored.demand.terms.id && signedCount(stored, quota.type) > 0)
        .map((quota): [string, StoredDemand] => [quota.type, stored]),
    );
}

function judge([type, stored]: readonly [string, StoredDemand], { entry, policy }: DecisionInput): Judged {
  const demandId = stored.demand.terms.id;
  const part = entry.header.parts.find((held) => held.type === type);
  const { may, reason, by } = typePermission(stored, policy, {
    bucket: entry.header.bucket,
    type,
    bytes: part?.bytes,
  });
  if (!part) {
    const missing = `${demandId} wants ${type}, which this entry does not hold`;
    return may === 'yes'
      ? { type, demandId, as: 'collect', reason: missing }
      : { type, demandId, as: 'nothing', reason: `${missing}, and ${reason}` };
  }
  if (entry.receipts.some((receipt) => receipt.types.includes(type))) {
    return { type, demandId, as: 'nothing', reason: `${type} was sent before` };
  }
  const as = ({ yes: 'send', wait: 'wait', no: 'deny' } as const)[may];
  return { type, demandId, as, by, reason: `${demandId} wants ${type}: ${reason}` };
}

function verdict(
  name: Decision['verdict'],
  judged: readonly Judged[],
  as: Judged['as'],
  entry: EntryFacts,
): Decision | undefined {
  const these = judged.filter((one) => one.as === as);
  if (these.length === 0) return undefined;
  const wanted = new Set(these.map(({ type }) => type));
  const held = entry.header.parts.map(({ type }) => type).filter((type) => wanted.has(type));
  return {
    verdict: name,
    types: held.length > 0 ? held : [...wanted],
    demands: [...new Set(these.map(({ demandId }) => demandId))],
    reason: reasons(these),
    ...(as === 'send' ? { approvedBy: approvers(these) } : {}),
  };
}

function approvers(judged: readonly Judged[]): readonly string[] {
  return [...new Set(judged.flatMap(({ by }) => by ?? []))];
}

function reasons(judged: readonly Judged[]): string {
  return [...new Set(judged.map(({ reason }) => reason))].join('; ');
}
