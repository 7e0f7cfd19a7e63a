import { endConversation } from '@fr/sync';
import type { Site } from './site.ts';

const SETTING = 'sync-destinations';

/**
 * Notes to whom this site speaks, and forgets by which numbers those know buckets to whom it has spoken before. What a crash leaves
 * is forgotten at the next start.
 */
export async function endOtherConversations({ store }: Site, to: string): Promise<void> {
  const value = await store.settings.read(SETTING);
  const before = Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
  if (before.length === 1 && before[0] === to) return;
  // It is noted first, so that it is known to be spoken to whatever happens.
  await store.settings.write(SETTING, [...new Set([...before, to])]);
  for (const other of before.filter((one) => one !== to))
    await endConversation(store.settings, other, bucketIds(store));
  await store.settings.write(SETTING, [to]);
}

async function* bucketIds({ queries }: Pick<Site['store'], 'queries'>): AsyncGenerator<readonly string[]> {
  let after: string | undefined;
  do {
    const page = await queries.buckets({ limit: 1_000, ...(after === undefined ? {} : { after }) });
    yield page.rows.map(({ bucketId }) => bucketId);
    after = page.next;
  } while (after !== undefined);
}
