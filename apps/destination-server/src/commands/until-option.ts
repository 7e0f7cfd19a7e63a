import { CommandError } from '@fr/server/command';
import { parseDuration } from '@fr/sync';

/** Milliseconds since 1970 of what somebody has written behind `--until`: a date or a duration from now. */
export function untilOf(text: unknown): number | undefined {
  if (typeof text !== 'string') return undefined;
  const duration = parseDuration(text);
  if (duration !== undefined) return Date.now() + duration;
  const date = Date.parse(text);
  if (!Number.isNaN(date)) return date;
  throw new CommandError('usage', `--until "${text}" is neither a date (2026-12-31) nor a duration (14d)`);
}
