/**
 * How far a destination has been told, at the site: two kinds of settings.
 *
 *     sync-telling TO            the marks it has acknowledged, those sent since without a reply, and the table of numbers
 *     sync-bucket TO BUCKET_ID   [table, number, what it was said to hold], once the destination has acknowledged it
 *
 * A mark is written down before the offer that carries it leaves: whoever finds a mark at the destination that this disk has
 * never written knows that the disk was put back to an earlier state, or has a twin. Numbers are never given twice, not even
 * where no reply came.
 * @module
 */
import { createHash } from 'node:crypto';
import { type Mark, NOTHING_TOLD, type Origin } from '@fr/protocol';
import type { PassOptions } from '../pass-options.ts';

/** What telling depends on. */
export type TellingOptions = Pick<PassOptions, 'policy' | 'programs' | 'store' | 'to' | 'random'>;

/** How far the destination has been told, and under which circumstances that was true. */
export interface Telling {
  readonly originId: string;
  readonly epoch: number;
  /** Hash of what may be offered: whoever lists another program wants its old buckets told too. */
  readonly listing: string;
  /** From 1; under another table every bucket is told in full again. */
  readonly table: number;
  /** Number of the next bucket that is told in full. */
  readonly next: number;
  /** Marks the destination has acknowledged, oldest first. */
  readonly acknowledged: readonly Mark[];
  /** Marks that were sent since, without a reply. */
  readonly tried: readonly Mark[];
  /** Totals of closed epochs have been told, and a mark behind them was acknowledged. */
  readonly closedTold: boolean;
  /** Demands whose buckets have not been asked about yet. */
  readonly asking: readonly string[];
}

/** Marks kept of each kind: so many passes may have been told by a vendor whose backup is put back. */
const MAX_MARKS = 64;

/** What a destination's mark says. */
export type Standing =
  /** It has taken the offer. */
  | 'told'
  /** It has lost something: go on from an earlier place. */
  | 'behind'
  /** It has heard things in this name and epoch that this disk has never said. */
  | 'foreign';

/** A number by which something is known again, always of five bytes in msgpack. */
export function freshNonce({ random = Math.random }: Pick<PassOptions, 'random'>): number {
  return 2 ** 31 + Math.floor(random() * 2 ** 31);
}

/** Where to go on telling: behind the last acknowledged offer, or from the start where anything about it has changed. */
export async function readTelling(options: TellingOptions, origin: Origin): Promise<Telling> {
  const value = (await options.store.settings.read(settingName(options))) as Partial<Telling> | undefined;
  const listing = listingHash(options);
  const fresh: Telling = {
    originId: origin.id,
    epoch: origin.epoch,
    listing,
    table: freshNonce(options),
    next: 1,
    acknowledged: [],
    tried: [],
    closedTold: false,
    asking: [],
  };
  if (!isTelling(value) || value.originId !== origin.id || value.epoch !== origin.epoch) return fresh;
  return value.listing === listing ? value : { ...toldNothing(value), listing };
}

function isTelling(value: Partial<Telling> | undefined | null): value is Telling {
  return (
    typeof value === 'object' &&
    value !== null &&
    Number.isSafeInteger(value.next) &&
    Number.isSafeInteger(value.table) &&
    [value.acknowledged, value.tried, value.asking].every((list) => Array.isArray(list))
  );
}

/** From the start, for a destination that is where it is. */
function toldNothing(telling: Telling): Telling {
  const atStart = (marks: readonly Mark[]): readonly Mark[] =>
    marks.map(({ nonce }) => ({ cursor: 0, nonce }));
  return {
    ...telling,
    acknowledged: atStart(telling.acknowledged),
    tried: atStart(telling.tried),
    closedTold: false,
  };
}

export async function writeTelling(options: TellingOptions, telling: Telling): Promise<void> {
  await options.store.settings.write(settingName(options), telling);
}

/** How far it has been told. */
export function toldTo({ acknowledged }: Telling): number {
  return acknowledged.at(-1)?.cursor ?? 0;
}

/** Before an offer leaves: its mark is remembered, and so many numbers are given. */
export function trying(telling: Telling, mark: Mark, numbers: number): Telling {
  const tried = [...telling.tried, mark].slice(-MAX_MARKS);
  return { ...telling, tried, next: telling.next + numbers };
}

/**
 * After its reply. Only now are closed epochs known to have been told: they are told before any mark is, and where none has
 * come back, a destination that was put back meanwhile looks like one that has heard nothing but the rest.
 */
export function acknowledged(telling: Telling, mark: Mark): Telling {
  const marks = [...telling.acknowledged, mark].slice(-MAX_MARKS);
  return { ...telling, acknowledged: marks, tried: [], closedTold: true };
}

/** Compares the destination's mark with the one just sent, and gives where that leaves the telling. */
export function compareMarks(
  telling: Telling,
  sent: Mark,
  held: Mark | undefined,
  table: number,
): { readonly standing: Standing; readonly telling: Telling } {
  if (!held || held.nonce === sent.nonce) return { standing: 'told', telling: acknowledged(telling, sent) };
  const behind = (marks: readonly Mark[]): ReturnType<typeof compareMarks> => ({
    standing: 'behind',
    telling: {
      ...telling,
      table,
      acknowledged: marks,
      tried: [],
      closedTold: telling.closedTold && (marks.at(-1)?.cursor ?? 0) > 0,
    },
  });
  if (held.nonce === NOTHING_TOLD) return behind([]);
  const ours = [...telling.acknowledged, ...telling.tried];
  const place = ours.findLastIndex(({ nonce }) => nonce === held.nonce);
  if (place >= 0) return behind(ours.slice(0, place + 1));
  const oldest = telling.acknowledged[0];
  const isForgotten = telling.acknowledged.length === MAX_MARKS && oldest && held.cursor < oldest.cursor;
  return isForgotten ? behind([{ cursor: 0, nonce: held.nonce }]) : { standing: 'foreign', telling };
}

/** By what name the destination knows a bucket. */
export interface KnownBucket {
  readonly number: number;
  /** What it was said to hold, as {@link holdsText} writes it. */
  readonly holds: string;
}

/** The bucket's number, if the destination has it. */
export async function knownBucket(
  options: TellingOptions,
  { table }: Telling,
  bucketId: string,
): Promise<KnownBucket | undefined> {
  const row = await options.store.settings.read(bucketName(options, bucketId));
  if (!Array.isArray(row) || row[0] !== table || typeof row[1] !== 'number') return undefined;
  return { number: row[1], holds: String(row[2]) };
}

export async function keepBucket(
  options: TellingOptions,
  { table }: Telling,
  bucketId: string,
  { number, holds }: KnownBucket,
): Promise<void> {
  await options.store.settings.write(bucketName(options, bucketId), [table, number, holds]);
}

/** Name of the setting of a bucket. */
export function bucketName({ to }: Pick<TellingOptions, 'to'>, bucketId: string): string {
  return `sync-bucket ${to} ${bucketId}`;
}

function settingName({ to }: TellingOptions): string {
  return `sync-telling ${to}`;
}

function listingHash({ programs, policy }: TellingOptions): string {
  // Not where a rule stands in the file: whoever puts a comment above it wants nothing told again.
  const offer = policy.offer.map(({ program, to }) => ({ program, to }));
  const listing = JSON.stringify([[...programs].sort(), offer]);
  return createHash('sha256').update(listing).digest('hex').slice(0, 32);
}
