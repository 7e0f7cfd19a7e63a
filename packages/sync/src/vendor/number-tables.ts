/**
 * The numbers that stand for buckets, at the vendor, and how they go when nobody can say them any more:
 *
 *     tables ORIGIN              the epochs under which numbers are kept
 *
 * A table is given up by its site before the first offer under another one; numbers rise from table to table. So whoever takes the first
 * offer under a new table may forget the numbers of the one before, and at the first offer of a new epoch those of the
 * others. Should somebody go on under an old one after all, a twin of the site, its numbers are not known, and it tells its
 * buckets in full again. A crash in between leaves some rows.
 * @module
 */
import type { Origin } from '@fr/protocol';
import type { ToldPort } from './vendor-store.ts';

/** Which numbers were given under which table. */
export interface NumberTable {
  readonly table: number;
  /** Numbers from here to below `next` were given, but not all of them: so many. */
  readonly first: number;
  readonly next: number;
  readonly given: number;
}

export function isTable(value: Partial<NumberTable>): value is NumberTable {
  const { table, first, next, given } = value;
  return [table, first, next, given].every((number) => Number.isSafeInteger(number));
}

export function numberName({ id, epoch }: Origin, number: number): string {
  return `number ${id} ${epoch} ${number}`;
}

/** The table with these numbers given too. */
export function withNumbers(table: NumberTable, numbers: readonly number[]): NumberTable {
  if (numbers.length === 0) return table;
  const least = Math.min(...numbers);
  return {
    table: table.table,
    first: table.given === 0 ? least : Math.min(table.first, least),
    next: Math.max(table.next, ...numbers.map((number) => number + 1)),
    given: table.given + numbers.length,
  };
}

/** Before the first numbers under a table are written down: forgets those of the table before, and of epochs that are over. */
export async function beginTable(
  settings: ToldPort,
  origin: Origin,
  before: NumberTable | undefined,
): Promise<void> {
  const name = `tables ${origin.id}`;
  const value = await settings.read(name);
  const epochs = Array.isArray(value) ? value.filter((epoch) => Number.isSafeInteger(epoch)) : [];
  if (before) await forgetNumbers(settings, origin, before);
  else for (const epoch of epochs) await endEpoch(settings, { id: origin.id, epoch });
  const kept = before ? new Set([...epochs, origin.epoch]) : new Set([origin.epoch]);
  if (kept.size !== epochs.length || !epochs.includes(origin.epoch)) await settings.write(name, [...kept]);
}

/** Its mark stays. */
async function endEpoch(settings: ToldPort, origin: Origin): Promise<void> {
  const name = `told ${origin.id} ${origin.epoch}`;
  const told = (await settings.read(name)) as Partial<NumberTable> | undefined | null;
  if (!told || !isTable(told)) return;
  await forgetNumbers(settings, origin, told);
  await settings.write(name, { ...told, table: 0, first: 0, next: 0, given: 0 });
}

/** Forgotten at once. */
const MOST_AT_ONCE = 1_000;

async function forgetNumbers(
  settings: ToldPort,
  origin: Origin,
  { first, next, given }: NumberTable,
): Promise<void> {
  // A site gives its numbers in a row, but for offers that were lost. One that does not has its rows stay: what it costs to
  // forget is never much more than what it cost to give.
  if (next - first > 10 * (given + MOST_AT_ONCE)) return;
  for (let from = first; from < next; from += MOST_AT_ONCE) {
    const count = Math.min(MOST_AT_ONCE, next - from);
    await settings.delete(Array.from({ length: count }, (_, place) => numberName(origin, from + place)));
  }
}
