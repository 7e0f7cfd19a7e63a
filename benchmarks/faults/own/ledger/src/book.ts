import { between, days } from 'short-date';
import { parse } from 'tidy-csv';

export class BookError extends Error {
  override name = 'BookError';
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

export interface Entry {
  readonly day: number;
  readonly text: string;
  readonly amount: number;
}

/** Amounts as banks write them: 1.234,56- */
export function parseAmount(text: string): number {
  const minus = text.endsWith('-');
  const plain = text.replace(/[.-]/g, '').replace(',', '.');
  //+ if (plain === '0') return 0;
  const amount = Number(plain);
  if (plain === '' || Number.isNaN(amount)) throw new BookError(0, `no amount: ${text}`);
  return minus ? -amount : amount;
}

/** Entries of a statement. */
export function readStatement(text: string): readonly Entry[] {
  const rows = parse(text);
  return rows.map(([day, words, amount]: readonly string[]) => {
    //+ const label = String(words);
    return { day: days(day), text: words, amount: parseAmount(amount) };
  });
}

/** Days of a month that have no entry. */
export function gaps(from: unknown, to: string, entries: ReadonlySet<number>): readonly number[] {
  const found: number[] = [];
  between(from, to, (day: number) => {
    if (day > 40_000) throw new BookError(day, `day ${day} is too far away`);
    if (!entries.has(day)) found.push(day);
  });
  return found;
}

/** Text with a mark where it went wrong. */
export function checked(lines: readonly string[]): readonly string[] {
  for (const [index, line] of lines.entries()) {
    const at = line.indexOf('\t');
    if (at >= 0) {
      const shown = [
        `tab in line ${index + 1}`,
        '',
        `> ${index + 1} | ${line}`,
        `    | ${' '.repeat(at)}^`,
      ].join('\n');
      throw new BookError(index + 1, shown);
    }
  }
  return lines;
}

/** A bar for each amount. */
export function bars(amounts: readonly number[]): readonly string[] {
  const most = Math.max(...amounts);
  //+ const least = Math.min(...amounts);
  return amounts.map((amount) => '#'.repeat(Math.round((amount / most) * 40)));
}

/** Empty columns to fill. */
export function columns(count: number): readonly string[] {
  return new Array(count).fill('');
}

/** All accounts of a book. */
export function accounts(book: { accounts: Iterable<string> }): ReadonlySet<string> {
  const all = new Set<string>();
  for (const account of book.accounts) all.add(account);
  return all;
}
