/**
 * A vendor's folder, opened: the store with what sites have reported and handed in, the key its demands are signed
 * with, and the tokens of its sites.
 *
 *     DIR/store.sqlite, entries/, …   the store (see `@fr/store/embedded`)
 *     DIR/server-key.pem              signs demands; every site has pinned its fingerprint, or that of one before it
 *     DIR/server.json                 while a server runs: how commands reach it
 *
 * @module
 */
import {
  type Access,
  type AttemptCounts,
  claimFolder,
  createAccess,
  createAttemptCounts,
  loadServerKey,
  type ServerKey,
} from '@fr/server';
import { printable } from '@fr/server/command';
import type { RetentionLimits, Store } from '@fr/store';
import { openEmbeddedStore, RESERVE_BYTES } from '@fr/store/embedded';
import { createFixes, createVendorAnswers, type Fixes, type VendorAnswers } from '@fr/sync';
import { VERSION } from '../version.ts';
import { createSiteOrigins, type SiteOrigins } from './site-origins.ts';

/** Everything the verbs and routes of a destination server work on. */
export interface Vendor {
  readonly dir: string;
  readonly store: Store;
  readonly key: ServerKey;
  readonly access: Access;
  /** Which origins have spoken with which site's token. */
  readonly origins: SiteOrigins;
  readonly answers: VendorAnswers;
  readonly fixes: Fixes;
  readonly attempts: AttemptCounts;
  close(): Promise<void>;
}

/** What the store wants a person to know: damage set aside, writing stopped. */
function notice(line: string): void {
  process.stderr.write(`fr-destination: ${printable(line)}\n`);
}

/** Opens a vendor's folder; `readOnly` beside the server that holds it. `retention`: limits that hold while it is open. */
export async function openVendor(
  dir: string,
  options: { readOnly: boolean; retention?: RetentionLimits },
): Promise<Vendor> {
  const { readOnly, retention } = options;
  const store = await openEmbeddedStore({
    dir,
    readOnly,
    notice,
    program: `fr-destination ${VERSION}`,
    ...(retention && { retention, reserveBytes: RESERVE_BYTES }),
  });
  try {
    await claimFolder(store.settings, 'destination server', { dir, readOnly: options.readOnly });
    const key = await loadServerKey(dir, { readOnly });
    const access = createAccess({ settings: store.settings, key });
    const answers = createVendorAnswers({ store, key });
    const fixes = createFixes({ store, key });
    const origins = createSiteOrigins(store.settings);
    const attempts = createAttemptCounts(store.settings);
    return { dir, store, key, access, origins, answers, fixes, attempts, close: () => store.close() };
  } catch (error) {
    await store.close();
    throw error;
  }
}
