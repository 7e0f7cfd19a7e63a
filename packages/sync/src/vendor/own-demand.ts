/**
 * The life of a vendor's explicit demand: created by a person, met or withdrawn, then closed. Closed demands stay in
 * the store, so that their version is never used again.
 * @module
 */
import { randomBytes } from 'node:crypto';
import {
  type DemandConditions,
  type DemandPattern,
  isInformationTypeName,
  MAX_DEMAND_LIFE_MS,
  MAX_TEXT,
  type TypeCount,
} from '@fr/protocol';
import { type SigningKey, signDemand } from '@fr/protocol/signature';
import { isOpen, type StoredDemand } from '../demand/stored-demand.ts';
import { SyncError } from '../sync-error.ts';
import { type Accepted, acceptedFrom } from './remaining.ts';
import type { OwnDemandsPort, VendorStore } from './vendor-store.ts';

const MAX_COUNT = 1_000_000;

/** Signs and stores a new demand. Throws `invalid-demand` where it could never be met or believed. */
export async function createDemand(input: {
  readonly pattern: DemandPattern;
  /** Under which circumstances; see `parseConditions`. Default: all. */
  readonly when?: DemandConditions | undefined;
  readonly types: readonly TypeCount[];
  /** Why it is wanted, for the administrator and the person who crashed. */
  readonly reason: string;
  readonly author: string;
  /** Milliseconds since 1970, at most 30 days from now, which is the default. */
  readonly until?: number | undefined;
  /** Whether the counts hold as a whole (the default) or anew for each bucket. */
  readonly each?: 'demand' | 'bucket' | undefined;
  readonly key: SigningKey;
  readonly store: { readonly demands: OwnDemandsPort };
  readonly now: number;
  /** Default: a random one. */
  readonly id?: string | undefined;
}): Promise<StoredDemand> {
  const { pattern, types, reason, author, key, store, now } = input;
  const { until = now + MAX_DEMAND_LIFE_MS, each = 'demand' } = input;
  const problem = problemWith({ pattern, types, reason, author, until, now });
  if (problem) throw new SyncError('invalid-demand', problem);
  const id = input.id ?? `d-${randomBytes(6).toString('hex')}`;
  const conditions = input.when ? { when: input.when } : {};
  const terms = { id, version: now, pattern, ...conditions, types, each, until, reason, author };
  const demand = signDemand(terms, key);
  const stored: StoredDemand = { demand, source: 'own', seenAt: now };
  await store.demands.put(stored);
  return stored;
}

function problemWith(input: {
  readonly pattern: DemandPattern;
  readonly types: readonly TypeCount[];
  readonly reason: string;
  readonly author: string;
  readonly until: number;
  readonly now: number;
}): string | undefined {
  const { pattern, types, reason, author, until, now } = input;
  if (Object.values(pattern).every((member) => member === undefined))
    return 'it says nothing about which buckets: name one, a problem, or fields of a pattern such as the program';
  if (types.length === 0) return 'it names no information type';
  const strange = types.find(({ type }) => !isInformationTypeName(type));
  if (strange) return `"${strange.type}" is not the name of an information type`;
  if (new Set(types.map(({ type }) => type)).size < types.length) return 'it names an information type twice';
  const count = types.find((wanted) => !Number.isSafeInteger(wanted.count) || wanted.count < 1);
  if (count || types.some((wanted) => wanted.count > MAX_COUNT)) return `a count is from 1 to ${MAX_COUNT}`;
  if (reason.trim() === '') return 'it gives no reason; whoever approves it will read one';
  if (reason.length > MAX_TEXT || author.length > MAX_TEXT)
    return `a text is longer than ${MAX_TEXT} characters`;
  if (!(until > now)) return 'it would be over before it begins';
  return until > now + MAX_DEMAND_LIFE_MS ? 'it would live longer than 30 days' : undefined;
}

/** Closes a demand; false where there is no open one of our own with this id. Repeating it does no harm. */
export async function withdrawDemand(input: {
  readonly id: string;
  readonly store: { readonly demands: OwnDemandsPort };
  readonly now: number;
}): Promise<boolean> {
  const { id, store, now } = input;
  const stored = (await store.demands.list()).find(({ demand }) => demand.terms.id === id);
  if (stored?.source !== 'own' || stored.closedAt !== undefined) return false;
  await store.demands.put({ ...stored, closedAt: now });
  return true;
}

/**
 * Signs all open demands of our own anew, as new versions, and returns how many: for a key that took the place of a lost one,
 * whose word counts no more. Approvals of the old versions are void.
 */
export async function signDemandsAnew(input: {
  readonly key: SigningKey;
  readonly store: { readonly demands: OwnDemandsPort };
  readonly now: number;
}): Promise<number> {
  const { key, store, now } = input;
  const open = (await store.demands.list()).filter(
    (stored) => stored.source === 'own' && isOpen(stored, now),
  );
  for (const stored of open) {
    const { keyId: _keyId, version, ...terms } = stored.demand.terms;
    const demand = signDemand({ ...terms, version: Math.max(version + 1, now) }, key);
    await store.demands.put({ demand, source: 'own', seenAt: now });
  }
  return open.length;
}

/**
 * Closes the explicit demands whose counts are reached, and returns their ids; to be called after an entry was
 * stored. A demand that counts anew for each bucket closes only if it speaks of a single bucket.
 */
export async function closeMetDemands(input: {
  readonly store: Pick<VendorStore, 'demands'>;
  readonly now: number;
}): Promise<readonly string[]> {
  const { store, now } = input;
  const open = (await store.demands.list()).filter(
    (stored) => stored.source === 'own' && isOpen(stored, now) && wholeScope(stored) !== undefined,
  );
  const places = open.map((stored) => ({
    demandId: stored.demand.terms.id,
    scope: wholeScope(stored) ?? '',
  }));
  const accepted = acceptedFrom(places.length > 0 ? await store.demands.credits(places) : []);
  const met = open.filter((stored) => isMet(stored, accepted));
  for (const stored of met) await store.demands.put({ ...stored, closedAt: now });
  return met.map(({ demand }) => demand.terms.id);
}

/** The one scope a demand counts in, if it is one. */
function wholeScope({ demand: { terms } }: StoredDemand): string | undefined {
  return terms.each === 'demand' ? '' : terms.pattern.bucketId;
}

function isMet(stored: StoredDemand, accepted: Accepted): boolean {
  const { id, types } = stored.demand.terms;
  const scope = wholeScope(stored) ?? '';
  return types.every(({ type, count }) => accepted(id, scope, type) >= count);
}
