/**
 * The ledger as CSV (RFC 4180), a line for each record as it stands, for people with a spreadsheet.
 * @module
 */
import type { ChainedRecord } from './record.ts';

const COLUMNS = [
  ...['seq', 'at', 'kind', 'to', 'headerBytes', 'payloadBytes', 'outcomeOf', 'outcome', 'reason', 'entryId'],
  ...['types', 'demands', 'approvedBy', 'why', 'buckets', 'digest', 'prev', 'hash'],
] as const satisfies readonly (keyof ChainedRecord)[];

/** The first line. */
export const LEDGER_CSV_HEAD: string = `${COLUMNS.join(',')}\r\n`;

/** The line of one record; lists are joined by blanks, times are ISO 8601 in UTC. */
export function ledgerCsvLine(record: ChainedRecord): string {
  const cells = COLUMNS.map((column) => {
    const value = record[column];
    if (column === 'at') return new Date(record.at).toISOString();
    return cell(Array.isArray(value) ? value.join(' ') : String(value ?? ''));
  });
  return `${cells.join(',')}\r\n`;
}

/** A spreadsheet must take nothing for a formula that somebody else has written. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
