import type { SignedVendorAnswer } from '@fr/protocol';
import { checkVendorAnswer } from '@fr/protocol/signature';

/** Answers of one vendor that are believed, and why the others are not. */
export interface AcceptedAnswers {
  readonly answers: readonly SignedVendorAnswer[];
  readonly rejected: readonly { readonly answerId: string; readonly reason: string }[];
}

/**
 * Goes through what a vendor says one by one: signed by the pinned key, in its time, not rolled back, each once. A bad one
 * spoils no other. `seen`: the highest version of each that was ever believed, removed ones too.
 */
export function acceptAnswers(input: {
  readonly answers: readonly SignedVendorAnswer[];
  readonly pinned: string;
  /** The key the vendor presented, base64url. */
  readonly publicKey: string;
  readonly seen: ReadonlyMap<string, number>;
  readonly now: number;
}): AcceptedAnswers {
  const { answers, pinned, publicKey, seen, now } = input;
  const accepted = new Map<string, SignedVendorAnswer>();
  const rejected: { readonly answerId: string; readonly reason: string }[] = [];
  for (const answer of answers) {
    const { id } = answer.terms;
    const trust = { pinned, publicKey, now, lastVersion: seen.get(id) };
    const reason = accepted.has(id) ? 'listed-twice' : checkVendorAnswer(answer, trust);
    if (reason) rejected.push({ answerId: id, reason });
    else accepted.set(id, answer);
  }
  return { answers: [...accepted.values()], rejected };
}
