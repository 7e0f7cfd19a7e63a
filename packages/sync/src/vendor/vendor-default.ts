import type { TypeCount } from '@fr/protocol';

/** What a vendor asks of every bucket without a person doing anything. */
export interface VendorDefault {
  readonly id: string;
  /** Counts hold anew for each bucket. */
  readonly types: readonly TypeCount[];
  readonly reason: string;
  readonly author: string;
}

/** One stack of every bucket: enough to see where a program failed. */
export const DEFAULT_VENDOR_DEMAND: VendorDefault = {
  id: 'vendor-default',
  types: [{ type: 'stack', count: 1 }],
  reason: 'One stack trace of every new fault, so that we can see where the program failed',
  author: 'asked automatically',
};
