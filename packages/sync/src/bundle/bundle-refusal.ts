import type { ProtocolErrorCode } from '@fr/protocol';
import { SyncError } from '../sync-error.ts';

/**
 * Why a bundle is not taken, in one word; counted by whoever was asked to. Those of the seal and of the format are what they
 * are everywhere; `wrong-way`: a reply at a vendor, or the reverse. `unknown-site`, `other-site`, `other-folder`: not
 * written by, or for, whom it was brought to. `too-old`, `from-the-future`, `overtaken`: by its date. `unreadable`: the file.
 */
export type BundleRefusal =
  | ProtocolErrorCode
  | 'foreign-key'
  | 'retired-key'
  | 'bad-succession'
  | 'bad-signature'
  | 'foreign-token'
  | 'wrong-way'
  | 'unknown-site'
  | 'other-site'
  | 'other-folder'
  | 'too-old'
  | 'from-the-future'
  | 'overtaken'
  | 'unreadable';

/** Nothing of it was taken in. */
export function refusedBundle(reason: BundleRefusal, why: string, cause?: unknown): SyncError {
  return new SyncError('bad-bundle', `the bundle is refused (${reason}): ${why}`, { reason, cause });
}
