/**
 * When hits came: per bucket and minute, later per hour, later per day; each hit is in exactly one row. Minutes are
 * kept for two hours (a curve of the last hour, and as much to compare it with), hours for fourteen days (this week
 * and the last), days for 400 (the same season a year ago). A bucket has at most 120 + 336 + 400 rows, however many
 * hits it has.
 * @module
 */
import type { Database } from '../../sqlite/database.ts';
import type { Share } from './shares.ts';

/** As in the table: what `start` counts, since 1970. */
export const MINUTE = 0;
export const HOUR = 1;
export const DAY = 2;

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

const MINUTES_KEPT_MS = 2 * HOUR_MS;
const HOURS_KEPT_MS = 14 * DAY_MS;
const DAYS_KEPT = 400;

/** Rows moved at a time, so that no one waits for all of them. */
const MOVED_AT_ONCE = 2_000;

export function addToHistory(db: Database, shares: readonly Share[]): void {
  for (const { bucketId, minutes } of shares)
    for (const [minute, hits] of minutes) addTo(db, MINUTE, minute, bucketId, hits);
}

/** Moves some of what is old enough from minutes to hours and from hours to days, and lets go of the oldest days. */
export function rollUp(db: Database, receivedAt: number): void {
  move(db, MINUTE, HOUR, 60, Math.floor((receivedAt - MINUTES_KEPT_MS) / HOUR_MS));
  move(db, HOUR, DAY, 24, Math.floor((receivedAt - HOURS_KEPT_MS) / DAY_MS));
  db.run(
    `DELETE FROM history WHERE step = ${DAY} AND (start, bucket_id) IN
       (SELECT start, bucket_id FROM history WHERE step = ${DAY} AND start < ? LIMIT ${MOVED_AT_ONCE})`,
    Math.floor(receivedAt / DAY_MS) - DAYS_KEPT,
  );
}

/** Whole units only: those before `due`, counted in the larger step. */
function move(db: Database, from: number, to: number, units: number, due: number): void {
  const rows = db.all<{ start: number; bucket_id: string; hits: number }>(
    `SELECT start, bucket_id, hits FROM history WHERE step = ? AND start < ? ORDER BY start, bucket_id LIMIT ${MOVED_AT_ONCE}`,
    from,
    due * units,
  );
  for (const { start, bucket_id, hits } of rows) {
    addTo(db, to, Math.floor(start / units), bucket_id, hits);
    db.run('DELETE FROM history WHERE step = ? AND start = ? AND bucket_id = ?', from, start, bucket_id);
  }
}

function addTo(db: Database, step: number, start: number, bucketId: string, hits: number): void {
  db.run(
    'INSERT INTO history VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET hits = hits + excluded.hits',
    step,
    start,
    bucketId,
    hits,
  );
}
