/**
 * When bytes may leave: windows of the week by the clock on the wall, each with a budget if one likes. Pure functions of
 * the windows and a moment; what the wall shows comes in, so that a test can be anywhere.
 * @module
 */
import { printBytes } from './byte-size.ts';

/** Days as the policy names them, Sunday first, as the platform counts them. */
export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** A time of the week in which bytes may leave. */
export interface SendWindow {
  /** Days on which it begins; absent: every day. */
  readonly days?: Weekday | readonly Weekday[];
  /** `22:00`. */
  readonly from: string;
  /** `05:00`; not later than `from` means on the next day, the same as `from` a whole day. */
  readonly to: string;
  /** How much may leave in one such window; absent: as the caps say. */
  readonly bytes?: number;
  /** Where it stands in the file, from 1. */
  readonly line?: number;
}

/** What a clock on the wall shows: the day (0 is Sunday) and the minutes since midnight. */
export interface WallTime {
  readonly day: number;
  readonly minute: number;
}

/** Reads the wall at a moment. Default in all functions here: this machine's time zone. */
export type WallClock = (at: number) => WallTime;

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

function localWall(at: number): WallTime {
  const date = new Date(at);
  return { day: date.getDay(), minute: date.getHours() * 60 + date.getMinutes() };
}

/** An open window: since when, and how much may leave in it. */
export interface OpenWindow {
  /** Milliseconds since 1970; off by an hour where the clocks were changed in it. */
  readonly since: number;
  readonly bytes: number | undefined;
}

/** The window that is open at a moment, the one with the largest budget of several; nothing where none is. */
export function openWindow(
  windows: readonly SendWindow[],
  at: number,
  wall: WallClock = localWall,
): OpenWindow | undefined {
  let widest: OpenWindow | undefined;
  for (const window of windows) {
    const open = minutesOpen(window, wall(at));
    if (open === undefined) continue;
    const since = Math.floor(at / MINUTE_MS) * MINUTE_MS - open * MINUTE_MS;
    if (!widest || roomOf(window) > roomOf(widest)) widest = { since, bytes: window.bytes };
  }
  return widest;
}

function roomOf({ bytes }: { readonly bytes?: number | undefined }): number {
  return bytes ?? Number.POSITIVE_INFINITY;
}

/** How many minutes ago it began, where it is open. */
function minutesOpen({ days, from, to }: SendWindow, { day, minute }: WallTime): number | undefined {
  const begin = minuteOf(from);
  const length = (minuteOf(to) - begin + DAY_MINUTES) % DAY_MINUTES || DAY_MINUTES;
  const open = (minute - begin + DAY_MINUTES) % DAY_MINUTES;
  const began = WEEKDAYS[minute < begin ? (day + 6) % 7 : day];
  const onThatDay = days === undefined || [days].flat().some((named) => named === began);
  return onThatDay && open < length ? open : undefined;
}

function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

/** When the next window opens, to the minute; `at` itself where one is open, nothing where none ever does. */
export function nextOpening(
  windows: readonly SendWindow[],
  at: number,
  wall: WallClock = localWall,
): number | undefined {
  if (openWindow(windows, at, wall)) return at;
  const first = Math.floor(at / MINUTE_MS) * MINUTE_MS;
  for (let ahead = 1; ahead <= 8 * DAY_MINUTES; ahead++) {
    const then = first + ahead * MINUTE_MS;
    if (openWindow(windows, then, wall)) return then;
  }
  return undefined;
}

/** What has left already. */
export interface SentSince {
  bytesSince(since: number): number;
}

/** Why so many bytes may not leave now, or nothing where they may. */
export function shutWindow(
  windows: readonly SendWindow[] | undefined,
  { at, bytes, sent }: { readonly at: number; readonly bytes: number; readonly sent: SentSince | undefined },
  wall: WallClock = localWall,
): string | undefined {
  if (windows === undefined || windows.length === 0) return undefined;
  const open = openWindow(windows, at, wall);
  if (!open) {
    const next = nextOpening(windows, at, wall);
    return `outside the policy's schedule; ${next === undefined ? 'it never opens' : `it opens ${printWall(wall(next))}`}`;
  }
  if (open.bytes === undefined) return undefined;
  const left = sent?.bytesSince(open.since) ?? 0;
  if (left + bytes <= open.bytes) return undefined;
  return `the policy's schedule lets ${printBytes(open.bytes)} leave in this window; ${printBytes(left)} have left, this has ${printBytes(bytes)}`;
}

/** A window in words. */
export function describeWindow({ days, from, to, bytes }: SendWindow): string {
  const on = days === undefined ? '' : ` on ${[days].flat().join(', ')}`;
  return `from ${from} to ${to}${on}${bytes === undefined ? '' : `, ${printBytes(bytes)} at the most`}`;
}

function printWall({ day, minute }: WallTime): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${WEEKDAYS[day]} ${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}
