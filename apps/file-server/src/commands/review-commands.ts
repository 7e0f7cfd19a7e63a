import {
  CommandError,
  type CommandOptions,
  type Open,
  printResult,
  reach,
  withReach,
} from '@fr/server/command';
import type { Command } from 'commander';
import { printReview, printReviews, type ReviewedEntry, type ReviewList } from './pages/review-page.ts';

interface ReviewFlags extends CommandOptions {
  readonly without?: readonly string[];
  readonly raw?: boolean;
}

interface DecideFlags extends CommandOptions {
  readonly without?: readonly string[];
  readonly seen?: string;
  readonly by?: string;
}

/** Adds `review` with `approve` and `deny`: the look at each entry that the policy's `review: entry` asks for. */
export function addReviewCommands(program: Command, open: Open): void {
  const family = withReach(
    program
      .command('review [entry]')
      .description('entries that wait for a look; with an id, what would leave of it, byte for byte'),
  )
    .option('--without <types...>', 'leave out parts of these information types')
    .option('--raw', 'write the very bytes that would leave to stdout, and nothing else');
  family.action(async (id: string | undefined, flags: ReviewFlags) => {
    if (id === undefined) {
      const list = (await reach(flags, open, { name: 'review', acts: false }, {})) as ReviewList;
      printResult(list, flags.json, printReviews);
      return;
    }
    const { without, raw } = flags;
    const shown = (await reach(
      flags,
      open,
      { name: 'review-show', acts: false },
      { id, without, raw },
    )) as ReviewedEntry;
    if (raw === true && flags.json !== true) writeRaw(shown);
    else printResult(shown, flags.json, printReview);
  });
  addDecision(family, open, 'approve', 'let an entry leave, as it was shown');
  addDecision(family, open, 'deny', 'an entry stays');
}

function writeRaw({ frame, why }: ReviewedEntry): void {
  if (frame === undefined) throw new CommandError('failed', `nothing would leave: ${why}`);
  process.stdout.write(Buffer.from(frame, 'base64'));
}

function addDecision(family: Command, open: Open, verb: 'approve' | 'deny', summary: string): void {
  const command = withReach(family.command(`${verb} <entries...>`).description(summary)).option(
    '--by <name>',
    'who looked at it, for the record',
  );
  if (verb === 'approve') {
    command
      .option('--without <types...>', 'leave out parts of these information types')
      .option('--seen <hash>', 'only if what would leave is still what `review ENTRY` showed');
  }
  command.action(async (ids: readonly string[], { without, seen, by, ...flags }: DecideFlags) => {
    const decision = verb === 'approve' ? 'approved' : 'denied';
    const params = { ids, decision, without, seen, by };
    const done = (await reach(flags, open, { name: 'review-decide', acts: true }, params)) as readonly {
      readonly entryId: string;
      readonly types: readonly string[];
    }[];
    printResult(done, flags.json, (all) =>
      all
        .map(({ entryId, types }) =>
          verb === 'approve'
            ? `${entryId} leaves with the next pass: ${types.join(', ')}`
            : `${entryId} stays`,
        )
        .join('\n'),
    );
  });
}
