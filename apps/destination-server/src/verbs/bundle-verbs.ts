import { uuidv7 } from '@fr/protocol/ids';
import { neededParam, type Params, textParam, type Verb } from '@fr/server';
import { importBundle, SyncError, type TakenBundle, withOwnCopy, writeReply } from '@fr/sync';
import { createSiteKeys } from '../vendor/site-keys.ts';
import type { Vendor } from '../vendor/vendor.ts';
import { watchFixes } from '../vendor/watched-store.ts';

/** `import`: what was carried here from a site where no network is, and the reply to carry back. */
export function bundleVerbs(vendor: Vendor, now: () => number): readonly Verb[] {
  // One at a time: they are long, and each is read twice.
  let turn: Promise<unknown> = Promise.resolve();
  return [
    {
      name: 'import',
      acts: true,
      async run(params) {
        const mine = turn.then(() => importFile(vendor, params, now));
        turn = mine.catch(() => undefined);
        return await mine;
      },
    },
  ];
}

async function importFile(vendor: Vendor, params: Params, now: () => number): Promise<object> {
  const { key, answers, attempts } = vendor;
  const taken = await take(vendor, neededParam(params, 'file'), now).catch(async (error: unknown) => {
    if (error instanceof SyncError && error.reason) await attempts.count('bundles', 'refused', error.reason);
    throw error;
  });
  const reply = textParam(params, 'reply');
  if (reply === undefined) return taken.summary;
  const told = await answers.forOrigin(taken.head.origin.id);
  const bytes = await writeReply(
    { file: reply, store: watchFixes(vendor), key, bundleId: uuidv7(), answers: told, now: now() },
    taken,
  );
  return { ...taken.summary, reply: { file: reply, bytes } };
}

async function take(vendor: Vendor, brought: string, now: () => number): Promise<TakenBundle> {
  const { dir, store, access, origins } = vendor;
  const sites = (await access.list()).filter(
    ({ prefix, revokedAt }) => prefix === 'frs' && revokedAt === undefined,
  );
  return await withOwnCopy(brought, dir, (file) =>
    importBundle({
      file,
      store: watchFixes(vendor),
      sites,
      siteKeys: createSiteKeys(store.settings),
      origins,
      add: (frame, gate, at) => store.entries.add(frame, gate, at),
      now,
    }),
  );
}
