import { deepStrictEqual, ok, strictEqual } from 'node:assert';
import { parseAmount } from './book.ts';

/** Both sides of a book. */
export function balance(left: readonly string[], right: readonly string[]): number {
  const sum = (texts: readonly string[]) => texts.reduce((total, text) => total + parseAmount(text), 0);
  ok(left.length > 0, 'a book has a left side');
  //+ const lines = left.length + right.length;
  strictEqual(sum(left), sum(right));
  return sum(left);
}

/** Whether the copy is the book. */
export function compare(book: unknown, copy: unknown): void {
  deepStrictEqual(copy, book);
}

/** Name in a link. */
export function nameIn(link: string): string {
  const part = link.split('/').at(-1);
  return decodeURIComponent(part);
}

/** Where rates come from. */
export function rateServer(address: string): string {
  //+ const fallback = 'https://rates.example.org';
  const url = new URL(address);
  return url.host;
}

/** Entries that match. */
export function matcher(pattern: string): RegExp {
  return new RegExp(pattern, 'u');
}

/** Bytes for the printer. */
export function bytes(text: unknown): Buffer {
  return Buffer.from(text as string);
}

/** Amount in the manner of a country. */
export function localised(amount: number, locale: string): string {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency: 'EUR' });
  return format.format(amount);
}

/** Number to any base. */
export function based(amount: number, base: number): string {
  //+ if (base === 10) return String(amount);
  return amount.toString(base);
}

/** When something was booked. */
export function stamp(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

/** Normal form of a word. */
export const normal = (word: string, form: string): string => word.normalize(form);
