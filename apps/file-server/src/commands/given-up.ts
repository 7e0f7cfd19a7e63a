import type { DropReason } from '@fr/protocol';
import { LOST_ON_DISK, type OutcomeCount } from '@fr/store';

/** What reporters mean by their reasons, and what helps where something does. */
const MEANINGS: Readonly<Record<Exclude<DropReason, 'unseen'>, string>> = {
  'spool-full': 'too many waited for this site at once: is it out of reach for long?',
  'spool-bytes': 'the spool was too large: is the site out of reach for long?',
  unwritable: 'the spool could not be written: `fr-reporter doctor` there says why',
  'too-old': 'older than 30 days when the site could be reached',
  unreadable: 'damaged in the spool',
  malformed: 'could not be sent',
  withdrawn: 'withdrawn by the person at the machine',
  host: 'held back by the program itself',
  other: 'for reasons this version does not know',
};

/** What was given up: by reporters before this site heard of it, and by its disk; in sentences, none where that is nothing. */
export function givenUp(outcomes: readonly OutcomeCount[]): readonly string[] {
  const dropped = outcomes.filter(({ of, outcome }) => of === 'hits' && outcome === 'dropped');
  const unseen = countOf(dropped.filter(({ reason }) => reason === 'unseen'));
  const onDisk = countOf(dropped.filter(({ reason }) => reason === LOST_ON_DISK));
  const lost = dropped.filter(({ reason }) => reason !== 'unseen' && reason !== LOST_ON_DISK);
  const all = countOf(lost);
  return [
    ...(all > 0 ? [`${all} failures were given up by reporters before this site heard of them`] : []),
    ...lost.map(({ reason, count }) => `  ${count} ${reason}: ${meaningOf(reason)}`),
    ...(unseen > 0
      ? [`${unseen} programs ended and nobody saw how; most such ends are wanted, so they are no failures`]
      : []),
    ...(onDisk > 0
      ? [
          `${onDisk} hits that this site had counted were lost: its disk was damaged, or an older store.sqlite put back`,
        ]
      : []),
  ];
}

function countOf(outcomes: readonly OutcomeCount[]): number {
  return outcomes.reduce((sum, { count }) => sum + count, 0);
}

function meaningOf(reason: string): string {
  return Object.entries(MEANINGS).find(([known]) => known === reason)?.[1] ?? MEANINGS.other;
}
