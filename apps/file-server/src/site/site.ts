/**
 * A site's folder, opened: the store, the key reporters pin, the policy, the ledger, and where upstream is.
 *
 *     DIR/store.sqlite, entries/, …   the store (see `@fr/store/embedded`)
 *     DIR/server-key.pem              signs what this site asks of reporters
 *     DIR/ledger.jsonl                every byte that left, hash-chained
 *     DIR/site.json                   upstream and policy file as last served, so that commands know them
 *     DIR/policy.json, policy-history.jsonl   the policy in force, and those that were (see `policy/policy-record.ts`)
 *     DIR/server.json                 while a server runs: how commands reach it
 *
 * @module
 */
import { join } from 'node:path';
import {
  type Access,
  type Answers,
  type AttemptCounts,
  claimFolder,
  createAccess,
  createAnswers,
  createAttemptCounts,
  loadServerKey,
  type ServerKey,
} from '@fr/server';
import { printable } from '@fr/server/command';
import type { RetentionLimits, Store } from '@fr/store';
import { openEmbeddedStore, RESERVE_BYTES } from '@fr/store/embedded';
import { createHeardAnswers, type HeardAnswers, type Ledger, openLedger } from '@fr/sync';
import { VERSION } from '../version.ts';
import { createEntryReviews, type EntryReviews } from './entry-reviews.ts';
import { openPolicy, type SitePolicy } from './policy/site-policy.ts';
import { readSiteSettings, type SiteSettings, writeSiteSettings } from './site-settings.ts';
import { beginTrust } from './vendor-key.ts';

/** Everything the verbs and routes of a file server work on. */
export interface Site {
  readonly dir: string;
  readonly store: Store;
  readonly settings: SiteSettings;
  readonly policy: SitePolicy;
  /** Absent where the folder was opened for reading. */
  readonly ledger: Ledger | undefined;
  readonly key: ServerKey;
  readonly access: Access;
  /** The site's own. */
  readonly answers: Answers;
  /** Those of vendors. */
  readonly heard: HeardAnswers;
  readonly reviews: EntryReviews;
  readonly attempts: AttemptCounts;
  close(): Promise<void>;
}

/** Path of a site's ledger. */
export function ledgerFile(dir: string): string {
  return join(dir, 'ledger.jsonl');
}

/** What the store wants a person to know: damage set aside, writing stopped. */
function notice(line: string): void {
  process.stderr.write(`fr-admin: ${printable(line)}\n`);
}

/** A crash in the middle of a line: nothing had left under it yet. */
function tornLedger(dir: string, bytes: number): string {
  const file = ledgerFile(dir);
  return `the last line of ${file} was torn by a crash; its ${bytes} bytes were set aside in ${file}.torn, the chain goes on before them`;
}

/**
 * Opens a site's folder. `settings`: what `serve` was started with; without it, what it was last started with.
 * `retention`: limits that hold while it is open and is served; without them nothing goes.
 */
export async function openSite(
  dir: string,
  options: { readOnly: boolean; settings?: SiteSettings; retention?: RetentionLimits },
): Promise<Site> {
  const { retention } = options;
  const store = await openEmbeddedStore({
    dir,
    readOnly: options.readOnly,
    notice,
    program: `fr-admin ${VERSION}`,
    ...(retention && { retention, reserveBytes: RESERVE_BYTES }),
  });
  try {
    await claimFolder(store.settings, 'file server', { dir, readOnly: options.readOnly });
    const settings = options.settings ?? (await readSiteSettings(dir));
    const { readOnly } = options;
    const policy = await openPolicy({ dir, file: settings.policyFile, readOnly, notice });
    // Kept only when they can be used: commands read them later.
    if (options.settings && !options.readOnly) await writeSiteSettings(dir, options.settings);
    const key = await loadServerKey(dir, { readOnly });
    if (!readOnly) await beginTrust(store, settings);
    const ledger = readOnly ? undefined : await openLedger(ledgerFile(dir));
    if (ledger && ledger.setAside > 0) notice(tornLedger(dir, ledger.setAside));
    return {
      dir,
      store,
      settings,
      policy,
      ledger,
      key,
      access: createAccess({ settings: store.settings, key }),
      answers: createAnswers({ settings: store.settings, key }),
      heard: createHeardAnswers(store.settings),
      reviews: createEntryReviews(store.settings),
      attempts: createAttemptCounts(store.settings),
      async close() {
        await ledger?.close();
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}
