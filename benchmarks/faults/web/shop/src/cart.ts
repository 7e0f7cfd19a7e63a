import { ShopError } from './complain.ts';
import type { Visitor } from './orders.ts';

interface Line {
  readonly sku: string;
  readonly price: { readonly net: number; readonly currency: string };
  quantity: number;
}

//+ const LIMIT_PER_LINE = 99;
//+
//+ /** Keeps one visitor from emptying the shelf. */
//+ function capped(quantity: number): number {
//+   return Math.min(quantity, LIMIT_PER_LINE);
//+ }
//+
export class Cart {
  readonly #lines = new Map<string, Line>();
  readonly #owner: Visitor;

  constructor(owner: Visitor) {
    this.#owner = owner;
  }

  static fromStorage(owner: Visitor, stored: string): Cart {
    const cart = new Cart(owner);
    const lines: Line[] = JSON.parse(stored);
    for (const line of lines) cart.#lines.set(line.sku, line);
    return cart;
  }

  add(sku: string, net: number, quantity: number): void {
    //+ quantity = capped(quantity);
    this.#lines.set(sku, { sku, price: { net, currency: 'EUR' }, quantity });
  }

  lineTotal(sku: string): number {
    const line = this.#lines.get(sku) as Line;
    return line.price.net * line.quantity;
  }

  get total(): string {
    const cents = [...this.#lines.values()].reduce((sum, line) => sum + line.price.net * line.quantity, 0);
    return cents.toFixed(-this.#owner.name.length);
  }

  set note(text: string) {
    if (text.length > 12) {
      throw new RangeError(`note of ${this.#owner.name} too long: ${text.length}`);
    }
    this.#lines.clear();
  }

  redeem(voucher: string, today: number): number {
    return this.#discount(voucher, today) * this.#lines.size;
  }

  #discount(voucher: string, today: number): number {
    const known = voucher.length > 3;
    if (!known && today > 0) {
      throw new ShopError('VOUCHER', `voucher ${voucher} is not known`);
    }
    const ends = Date.UTC(2020, 1, voucher.length);
    if (today > ends) {
      throw new ShopError('VOUCHER', `voucher ${voucher} ended ${today - ends} ms ago`);
    }
    return 0.1;
  }

  readonly merge = (other: Cart | undefined): number => {
    const mine = this.#lines.size;
    return mine + (other as Cart).#lines.size;
  };
}
