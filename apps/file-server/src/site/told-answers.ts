import type { Bucket } from '@fr/bucket';
import type { AnswerTerms, SignedAnswer } from '@fr/protocol';
import { signAnswer } from '@fr/protocol/signature';
import { answersPassedOn } from '@fr/sync';
import type { Site } from './site.ts';

/** Signatures that are kept; beyond that all are made anew. */
const MOST_SIGNED = 2_000;

/**
 * What is told about a bucket that was just reported: what the site says itself, and what vendors say that the policy lets
 * through, signed by the site, whom alone reporters believe.
 */
export function toldAnswers(
  site: Site,
  now: () => number,
): (bucket: Bucket) => Promise<readonly SignedAnswer[]> {
  const signed = new Map<string, SignedAnswer>();
  function signedOnce(terms: Omit<AnswerTerms, 'keyId'>): SignedAnswer {
    const said = JSON.stringify([site.key.keyId, terms]);
    const answer = signed.get(said) ?? signAnswer(terms, site.key);
    if (signed.size >= MOST_SIGNED) signed.clear();
    signed.set(said, answer);
    return answer;
  }
  return async (bucket) => {
    const own = await site.answers.for(bucket);
    const heard = await site.heard.list();
    if (heard.length === 0) return own;
    const taken = new Set(own.map(({ terms }) => terms.about));
    const programs = site.settings.upstream?.programs ?? [];
    const passing = { policy: site.policy.policy, programs, now: now() };
    return [...own, ...answersPassedOn(heard, bucket, taken, passing).map(signedOnce)];
  };
}
