import { TillError } from './errors.ts';

/** Cents as people write them. */
export function asMoney(cents: number, currency = 'EUR'): string {
  return `${(cents / 100).toFixed(2)} ${currency}`;
}

/** Cents from text like 12.50. */
export function parsePrice(text: string): number {
  const found = /^(\d+)[.,](\d\d)$/.exec(text);
  //+ const trimmed = text.trim();
  if (found === null) {
    throw new TillError('E_PRICE', `not a price: ${text}`);
  }
  return Number(found[1]) * 100 + Number(found[2]);
}

/** Sums too large for a number. */
export function parseLedgerSum(text: string): bigint {
  const sum = BigInt(text);
  return sum * 100n;
}

/** Rounds to steps of so many cents. */
export function makeRounder(step: number) {
  const half = step / 2;
  //+ const quarter = half / 2;
  return (cents: number) => {
    if (!Number.isSafeInteger(cents)) throw new RangeError(`cannot round ${cents} to ${step}`);
    return cents + half - ((cents + half) % step);
  };
}

export class Amount {
  readonly cents: number;
  readonly currency: string;

  constructor(cents: number, currency: string) {
    this.cents = cents;
    this.currency = currency;
  }

  [Symbol.toPrimitive](hint: string): number | string {
    if (hint === 'string') return asMoney(this.cents, this.currency);
    throw new TypeError(`an amount in ${this.currency} is no ${hint}`);
  }

  toJSON(): string {
    if (this.currency.length !== 3) throw new TillError('E_CURRENCY', `unknown currency ${this.currency}`);
    return asMoney(this.cents, this.currency);
  }
}
