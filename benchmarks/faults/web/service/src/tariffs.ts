import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Question } from './asked.ts';

export class TariffError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TariffError';
    this.code = code;
  }
}

//+ /** Where tariffs were kept before they moved into the cloud. */
//+ export const ARCHIVE = '/var/lib/tariffs/archive';
//+
export function load(question: Question): string {
  const path = `/var/lib/tariffs/${question.file}`;
  return readFileSync(path, 'utf8');
}

export async function loadLater(question: Question): Promise<string> {
  const text = await readFile(`/var/lib/tariffs/${question.file}`, 'utf8');
  return text.trim();
}

export function parse(text: string): { rows: unknown[] } {
  const tariff = JSON.parse(text) as { rows: unknown[] };
  return tariff;
}

export function open(question: Question): string {
  try {
    return readFileSync(`/mnt/tariffs/${question.file}`, 'latin1');
  } catch (error) {
    throw new TariffError('TARIFF_UNREADABLE', `no tariff for ${question.customer}`, { cause: error });
  }
}

export class Table {
  readonly #rows: { from: number; price?: { net: number } }[];

  constructor(days: number) {
    this.#rows = [{ from: 1, price: { net: 3 } }, { from: days }];
  }

  get last(): number {
    const row = this.#rows[this.#rows.length - 1] as { price: { net: number } };
    return row.price.net;
  }

  find(days: number): number {
    const index = this.#search(days, 0, this.#rows.length);
    return (this.#rows[index] as { price: { net: number } }).price.net;
  }

  #search(days: number, low: number, high: number): number {
    if (days < 0) throw new TariffError('TARIFF_DAYS', `${days} days cannot be`);
    const middle = (low + high) >> 1;
    if (days > 365) throw new TariffError('TARIFF_DAYS', `${days} days in one tariff, ${middle} kept`);
    return middle;
  }
}
