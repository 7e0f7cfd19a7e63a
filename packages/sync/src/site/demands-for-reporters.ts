import { bucketId } from '@fr/bucket';
import type { DemandTerms, SignedDemand } from '@fr/protocol';
import { type SigningKey, signDemand } from '@fr/protocol/signature';
import { type CollectionInput, type Wanted, wantedOfBucket } from './collection.ts';

/** A reporter may act on what it was told for a day; then it asks again. */
const REPORTER_DEMAND_LIFE_MS = 24 * 60 * 60 * 1000;

/**
 * What the site asks of a reporter that has just reported a bucket, signed with the site's own key and good for this
 * bucket and at most 24 hours. Empty where nothing is wanted. A vendor's demand keeps its id, reason and author, so
 * that the person who crashed learns who asked and why.
 */
export function demandsForReporters(
  input: CollectionInput & { readonly key: SigningKey },
): readonly SignedDemand[] {
  const byDemand = Map.groupBy(wantedOfBucket(input), ({ demandId }) => demandId);
  return [...byDemand.values()].map((wanted) => signDemand(termsFor(wanted, input), input.key));
}

function termsFor(wanted: readonly Wanted[], input: CollectionInput): Omit<DemandTerms, 'keyId'> {
  const { bucket, siteDefault, now } = input;
  const source = wanted[0]?.from?.demand.terms;
  const { id, reason, author } = source ?? siteDefault;
  // Version and hits were looked at here; where it fails only the reporter knows.
  const platforms = source?.when?.platforms;
  return {
    id,
    version: Math.max(1, now),
    pattern: { bucketId: bucketId(bucket) },
    ...(platforms ? { when: { platforms } } : {}),
    types: wanted.map(({ type, count }) => ({ type, count })),
    each: 'bucket',
    until: Math.min(source?.until ?? Number.POSITIVE_INFINITY, now + REPORTER_DEMAND_LIFE_MS),
    reason,
    author,
  };
}
