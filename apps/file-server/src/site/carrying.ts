import { uuidv7 } from '@fr/protocol/ids';
import { tokenHash } from '@fr/protocol/signature';
import {
  type ExportSummary,
  exportBundle,
  importReply,
  type Ledger,
  type PassOptions,
  type ReplySummary,
  SyncError,
  withOwnCopy,
} from '@fr/sync';
import type { Site } from './site.ts';
import type { Upstream } from './site-settings.ts';

/** What is carried by hand where no network is. */
export interface Carrying {
  exportTo(file: string, oneWay: boolean): Promise<ExportSummary>;
  importFrom(file: string): Promise<ReplySummary>;
}

/** Bundles between a site and its destination. */
export function createCarrying(
  { key, heard, dir, attempts }: Site,
  { token }: Upstream,
  ledger: Ledger,
  options: () => Promise<Omit<PassOptions, 'ledger'>>,
): Carrying {
  const hash = tokenHash(token);
  return {
    async exportTo(file, oneWay) {
      const working = { ...(await options()), ledger, key, hash };
      return await exportBundle({ ...working, bundleId: uuidv7(), file, oneWay });
    },
    async importFrom(file) {
      const working = { ...(await options()), ledger, hash, heard };
      try {
        return await withOwnCopy(file, dir, (copy) => importReply({ ...working, file: copy }));
      } catch (error) {
        if (error instanceof SyncError && error.reason)
          await attempts.count('bundles', 'refused', error.reason);
        throw error;
      }
    },
  };
}
