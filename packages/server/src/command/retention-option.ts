import type { RetentionLimits } from '@fr/store';
import { parseBytes } from '@fr/sync';
import { type Command, Option } from 'commander';
import { CommandError } from './command-error.ts';

/** What commander hands over of {@link withRetention}. */
export interface RetentionFlags {
  readonly keep?: string;
}

/** Adds `--keep`. */
export function withRetention(command: Command): Command {
  return command.addOption(
    new Option('--keep <size>', 'bytes of all entries together, as in 512MiB; the least useful go first').env(
      'FR_KEEP',
    ),
  );
}

/** The limits a server keeps: its usual ones, with the sum that was asked for. Throws `usage`. */
export function retentionLimits({ keep }: RetentionFlags, usual: RetentionLimits): RetentionLimits {
  if (keep === undefined) return usual;
  const totalBytes = parseBytes(keep);
  if (totalBytes === undefined || totalBytes === 0)
    throw new CommandError('usage', `--keep "${keep}" is not a size; write 512MiB or 20GB`);
  return { ...usual, totalBytes };
}
