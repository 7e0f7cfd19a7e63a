import type { Lease, LeaseAsk, LeaseRefusal, LeaseReply, LeaseSubject } from '@fr/protocol';
import type { SlotAsk } from './lease-book.ts';
import type { LeaseDesk } from './lease-desk.ts';

/** What decides about one ask besides the ask. `fence`: of a lease that whoever shows it may have as its own. */
export type LeaseTerms = Pick<SlotAsk, 'slot' | 'holder' | 'places' | 'taken' | 'life' | 'fence'>;

/** Answers asks one by one: takes back what is returned, grants the others as far as their terms let it. */
export function leaseReply(
  asks: readonly LeaseAsk[],
  desk: LeaseDesk,
  termsOf: (ask: LeaseAsk) => LeaseTerms,
): LeaseReply {
  const given: Lease[] = [];
  const refused: LeaseRefusal[] = [];
  for (const ask of asks) {
    const terms = termsOf(ask);
    if (ask.count === 0) {
      takeBack(ask.fence, desk, terms);
      continue;
    }
    const answer = grant(ask, desk, terms);
    if ('fence' in answer) given.push(answer);
    else refused.push(answer);
  }
  return { given, refused };
}

function takeBack(fence: number | undefined, desk: LeaseDesk, terms: LeaseTerms): void {
  const held = fence === undefined ? undefined : desk.find(fence);
  if (!held) return;
  const shown = held.slot === terms.slot && terms.fence === fence;
  if (shown || held.holder === terms.holder) desk.giveBack(held.fence);
}

function grant(
  { demandId, bucketId, type, for: purpose, count }: LeaseAsk,
  desk: LeaseDesk,
  terms: LeaseTerms,
): Lease | LeaseRefusal {
  const subject: LeaseSubject = { demandId, bucketId, type, for: purpose };
  const verdict = desk.grant({ ...terms, count });
  if (verdict.granted) {
    const { lease, expiresInMs = 0 } = verdict;
    return { ...subject, count: lease.count, fence: lease.fence, expiresInMs };
  }
  if (verdict.reason === 'not-wanted') return { ...subject, reason: 'not-wanted' };
  const retryAfterMs = Math.max(0, Math.ceil(verdict.retryAfterMs));
  return { ...subject, reason: 'leased-out', retryAfterMs };
}
