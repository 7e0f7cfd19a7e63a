/**
 * Whom a site believes: the key its token pins, or the one that took its place. How far it has followed is kept, so that it
 * never goes back to a key that was replaced; a token that pins another key begins anew.
 * @module
 */
import type { Succession } from '@fr/protocol';
import { fingerprint, followSuccession, type RetiredKey } from '@fr/protocol/signature';
import type { DemandsPort, SettingsPort } from '../pass/site-store.ts';
import { SyncError } from '../sync-error.ts';

/** A key whose signatures hold. */
export interface TrustedKey {
  /** Fingerprint of the key. */
  readonly pinned: string;
  /** base64url of 32 bytes. */
  readonly publicKey: string;
  /** Those it took the place of: what they signed before holds until it ends. */
  readonly retired: readonly RetiredKey[];
}

const SETTING = 'vendor-keys';

/** Fingerprints a site has known of its vendor since its token was issued, oldest first; the last is the one in force. */
export async function knownVendorKeys(settings: SettingsPort, pinned: string): Promise<readonly string[]> {
  const value = await settings.read(SETTING);
  const isList = Array.isArray(value) && value.every((each) => typeof each === 'string');
  return isList && value[0] === pinned ? value : [pinned];
}

/**
 * Whom to believe of what a destination presents, and follows: from here on no earlier key is believed. Throws `foreign-key`
 * with the reason, and then nothing has changed.
 */
export async function trustVendorKey(
  settings: SettingsPort,
  { pinned, to }: { readonly pinned: string; readonly to: string },
  { key, succession }: { readonly key: string; readonly succession?: readonly Succession[] },
): Promise<TrustedKey> {
  const before = await knownVendorKeys(settings, pinned);
  const followed = followSuccession(before, { key, ...(succession && { succession }) });
  const keyId = fingerprint(key);
  if (typeof followed === 'string') {
    const why = WORDS[followed](keyId, before.at(-1) ?? pinned);
    throw new SyncError('foreign-key', `${to} ${why}; nothing it says is believed`);
  }
  const known = [pinned, ...followed.known.filter((one) => one !== pinned)];
  if (known.join() !== before.join()) await settings.write(SETTING, known);
  return { pinned: keyId, publicKey: key, retired: followed.retired };
}

/**
 * To be called when a site starts: where its token pins a key that no chain led to, a person has enrolled it anew, and what
 * the key before had asked for holds no longer.
 */
export async function enrolAnew(
  { settings, demands }: { readonly settings: SettingsPort; readonly demands: Pick<DemandsPort, 'replace'> },
  { pinned, to, now }: { readonly pinned: string; readonly to: string; readonly now: number },
): Promise<void> {
  const value = await settings.read(SETTING);
  if (Array.isArray(value) && value[0] === pinned) return;
  if (Array.isArray(value) && !value.includes(pinned)) await demands.replace(to, [], [], now);
  await settings.write(SETTING, [pinned]);
}

const WORDS = {
  'foreign-key': (presented: string, known: string) =>
    `presents the key ${presented}, but ${known} was pinned`,
  'retired-key': (presented: string, known: string) =>
    `presents the key ${presented}, which it has replaced by ${known}`,
  'bad-succession': (presented: string, known: string) =>
    `presents the key ${presented} with a chain that does not lead there from ${known}`,
} as const;
