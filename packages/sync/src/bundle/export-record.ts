import type { Origin } from '@fr/protocol';
import type { SettingsPort } from '../pass/site-store.ts';

/** A bundle that was written, until the reply to it, or to a later one, has come. */
export interface ExportedBundle {
  readonly bundleId: string;
  readonly origin: Origin;
  /** How far in the changes of the store it tells. */
  readonly cursor: number;
  readonly listing: string;
  readonly at: number;
}

/** What a site remembers of bundles to and from one destination. */
export interface BundleRecord {
  /** Written and not yet answered, oldest first. */
  readonly waiting: readonly ExportedBundle[];
  /** How far the destination has been told for certain. */
  readonly settled?: ExportedBundle;
  /** When the last reply that was taken had been written; older ones are refused. */
  readonly repliedAt?: number;
}

/** Answers to older bundles than so many are not waited for. */
const MOST_WAITING = 100;

/** Reads the record of a destination. */
export async function readBundleRecord(settings: SettingsPort, to: string): Promise<BundleRecord> {
  const value = (await settings.read(name(to))) as Partial<BundleRecord> | undefined | null;
  return { waiting: [], ...value };
}

/** Keeps the record of a destination. */
export async function keepBundleRecord(
  settings: SettingsPort,
  to: string,
  record: BundleRecord,
): Promise<void> {
  await settings.write(name(to), { ...record, waiting: record.waiting.slice(-MOST_WAITING) });
}

function name(to: string): string {
  return `bundles ${to}`;
}
