import type { Settings } from '../host/settings/settings.ts';

/** What the thread that watches for hangs is told. */
export interface HangOrders {
  readonly settings: Settings;
  /** One 32-bit counter that the main thread moves while its event loop turns. */
  readonly beats: SharedArrayBuffer;
}

/** Name of that thread. */
export const WATCHER = 'fr-hang-watcher';
