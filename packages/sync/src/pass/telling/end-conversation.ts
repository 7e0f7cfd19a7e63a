import { bucketName, type TellingOptions } from './telling.ts';

/**
 * Forgets by which numbers a destination knows buckets that is no longer spoken to. Its marks stay, a setting of a few KB: should it be
 * spoken to again it is told every bucket in full, and nothing twice.
 */
export async function endConversation(
  settings: TellingOptions['store']['settings'],
  to: string,
  bucketIds: AsyncIterable<readonly string[]>,
): Promise<void> {
  for await (const page of bucketIds) await settings.delete(page.map((id) => bucketName({ to }, id)));
}
