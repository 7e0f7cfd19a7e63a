import { type DecisionInput, decide } from './decision.ts';

/** How an entry is listed at a site. `waiting`: for an approval. `refused`: the policy denies what is asked of it. */
export type EntryStanding = 'pending' | 'waiting' | 'refused' | 'uploaded';

/** The state of an entry as people see it, from the same decision a pass would take now. */
export function entryStanding(input: DecisionInput): EntryStanding {
  if (input.entry.state === 'uploaded') return 'uploaded';
  const { verdict } = decide(input);
  if (verdict === 'await-approval') return 'waiting';
  return verdict === 'refuse' ? 'refused' : 'pending';
}
