/**
 * What a destination has said about collecting, kept for the desk that answers reporters: a lease to a reporter lies
 * within the one the site has, and there is none while the destination lets others collect. Without a word the site
 * collects for itself, one reporter at a time.
 * @module
 */
import type { LeaseReply, LeaseSubject } from '@fr/protocol';
import type { LeaseShelf } from './lease-desk.ts';

/** A lease the site has, or was refused, until a time in milliseconds since 1970. */
export interface UpstreamWord extends Pick<LeaseSubject, 'demandId' | 'bucketId' | 'type'> {
  readonly may: boolean;
  readonly until: number;
  /** Of a lease. */
  readonly fence?: number;
}

function settingName(to: string): string {
  return `leases ${to}`;
}

/** The words of a destination that still hold. */
export async function upstreamWords(
  shelf: Pick<LeaseShelf, 'read'>,
  to: string,
  now: number,
): Promise<readonly UpstreamWord[]> {
  const value = await shelf.read(settingName(to)).catch(() => undefined);
  return Array.isArray(value)
    ? value.filter((word): word is UpstreamWord => isWord(word) && word.until > now)
    : [];
}

/** Keeps what a reply says about collecting, counted from when it was asked for, and what of the words before still holds. */
export async function keepUpstreamWords(
  shelf: LeaseShelf,
  to: string,
  { given, refused }: LeaseReply,
  askedAt: number,
  before: readonly UpstreamWord[] = [],
): Promise<void> {
  const words: readonly UpstreamWord[] = [
    ...before,
    ...given
      .filter((lease) => lease.for === 'collect')
      .map(({ demandId, bucketId, type, fence, expiresInMs }) => ({
        ...{ demandId, bucketId, type, fence },
        may: true,
        until: askedAt + expiresInMs,
      })),
    ...refused
      .filter((refusal) => refusal.for === 'collect')
      .map(({ demandId, bucketId, type, retryAfterMs = 0 }) => ({
        ...{ demandId, bucketId, type },
        may: false,
        until: askedAt + retryAfterMs,
      })),
  ];
  await shelf.write(settingName(to), words);
}

function isWord(value: unknown): value is UpstreamWord {
  if (typeof value !== 'object' || value === null) return false;
  const { demandId, bucketId, type, may, until } = value as Partial<Record<keyof UpstreamWord, unknown>>;
  return (
    [demandId, bucketId, type].every((text) => typeof text === 'string') &&
    typeof may === 'boolean' &&
    typeof until === 'number'
  );
}
