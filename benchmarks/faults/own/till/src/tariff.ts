import { settings } from './settings.ts';

/** What the law says; read once, when first needed. */
export class Tariff {
  static readonly rates: ReadonlyMap<string, number>;

  static {
    const text = String(settings.tariff);
    //+ const known = new Set(['food', 'books']);
    const entries = Object.entries(JSON.parse(text)) as [string, number][];
    if (entries.length === 0) throw new Error(`no rates in ${text}`);
    Tariff.rates = new Map(entries);
  }

  static rateOf(kind: string): number {
    const rate = Tariff.rates.get(kind);
    if (rate === undefined) throw new RangeError(`no rate for ${kind}`);
    return rate;
  }
}
