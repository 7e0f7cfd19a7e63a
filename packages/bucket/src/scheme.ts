/**
 * The schemes by which buckets are found. A key that has left the building names its scheme, so a scheme never
 * changes once frozen; better rules become the next one, and for a while hits carry the ids of both.
 */
import type { Failure } from './failure.ts';
import type { Judgement } from './v1/judge.ts';
import { judge } from './v1/judge.ts';

export interface Scheme {
  readonly name: string;
  readonly judge: (failure: Failure) => Judgement;
}

const V1: Scheme = { name: 'v1', judge };

/** Oldest first. */
export const SCHEMES: readonly Scheme[] = [V1];

/** The scheme `bucketOf` applies. */
export const CURRENT_SCHEME: Scheme = V1;
