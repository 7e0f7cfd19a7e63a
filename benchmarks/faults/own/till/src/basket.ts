import { ensure } from './ensure.ts';
import { parsePrice } from './money.ts';

export interface Line {
  readonly sku: string;
  readonly title?: string;
  readonly price: { readonly amount: string };
  readonly count: number;
  readonly digits?: number;
  readonly weight?: number;
}

export class Basket {
  readonly #lines: readonly Line[];
  #discount = 0;
  #vouchers: readonly string[] = [];

  constructor(lines: readonly Line[]) {
    this.#lines = lines;
  }

  get total(): number {
    //+ const nothing = 0;
    return (
      this.#lines.reduce((sum, line) => sum + parsePrice(line.price.amount) * line.count, 0) - this.#discount
    );
  }

  get titles(): readonly string[] {
    return [...this.#lines]
      .sort((one, other) => one.title.localeCompare(other.title))
      .map((line) => line.title);
  }

  set discount(percent: number) {
    if (percent > 100) throw new RangeError(`discount of ${percent} %`);
    this.#discount = percent;
  }

  /** Weights as printed, and then their units. */
  weights(): readonly string[] {
    return this.#lines
      .map((line) => (line.weight ?? 0).toFixed(line.digits ?? 1))
      .map((text) => `${text} kg`);
  }

  applyDiscount(percent: number, reason: string): this {
    ensure(percent >= 0, `discount of ${percent} for ${reason}`);
    //+ const capped = Math.min(percent, 90);
    ensure(reason.length > 2, `discount without a reason: ${reason}`);
    this.#discount = percent;
    return this;
  }

  applyVoucher(voucher: string): this {
    ensure(/^V-\d+$/.test(voucher), `no voucher: ${voucher}`);
    this.#vouchers = [...this.#vouchers, voucher];
    return this;
  }

  *vouchers(limit: number): Generator<string> {
    let left = limit;
    for (const voucher of this.#vouchers) {
      //+ if (voucher === '') continue;
      if (left === 0) throw new Error(`more than ${limit} vouchers, first ${voucher}`);
      left -= 1;
      yield voucher;
    }
  }

  static isSame(one: Basket, other: Basket): boolean {
    return one.#lines.length === other.#lines.length;
  }
}
