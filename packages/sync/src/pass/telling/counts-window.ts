/**
 * Counts of buckets that the destination knows may wait; what is new may not, and what is wanted may not either. With a window, a
 * pass before its end tells only what is new, and where nothing is, asks by the tag of the demands it has.
 * @module
 */
import type { PassOptions } from '../pass-options.ts';

type WindowOptions = Pick<PassOptions, 'store' | 'to' | 'now' | 'countsEveryMs'>;

/** A pass is a little earlier or later than planned; that puts nothing off by a whole pass. */
const TOLERANCE = 0.95;

/** Whether this pass tells counts. */
export async function countsAreDue({ store, to, now, countsEveryMs = 0 }: WindowOptions): Promise<boolean> {
  if (countsEveryMs === 0) return true;
  const last = await store.settings.read(settingName(to));
  if (typeof last !== 'number') return true;
  const passed = now() - last;
  return passed < 0 || passed >= TOLERANCE * countsEveryMs;
}

/** To be called behind a pass that told counts and did all there was to do. */
export async function settleCounts({ store, to, now, countsEveryMs = 0 }: WindowOptions): Promise<void> {
  if (countsEveryMs > 0) await store.settings.write(settingName(to), now());
}

function settingName(to: string): string {
  return `sync-counts ${to}`;
}
