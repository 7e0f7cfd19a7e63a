import { Basket, type Line } from './basket.ts';
import { CardDeclined, TillError, wrongState } from './errors.ts';
import { asMoney } from './money.ts';

export interface Card {
  readonly holder: { readonly name: string };
  readonly bank: { readonly code: string };
  readonly limit: number;
  readonly expires: string;
}

export interface Order {
  readonly lines: readonly Line[];
  readonly card?: Card;
  readonly cash?: number;
}

export class Till {
  #cents = 0;
  #open = false;
  static #count = 0;

  constructor() {
    Till.#count += 1;
  }

  get drawer(): number {
    return this.#cents;
  }

  set drawer(cents: number) {
    //+ const before = this.#cents;
    if (Number.isNaN(cents)) throw new TypeError('the drawer holds numbers');
    if (cents < 0) throw new TillError('E_DRAWER', `the drawer would hold ${asMoney(cents)}`);
    this.#cents = cents;
  }

  open(user: string): this {
    if (this.#open) throw wrongState(`open already, said ${user}`);
    this.#open = true;
    return this;
  }

  close(user: string): this {
    //+ Till.#count -= 1;
    if (!this.#open) throw wrongState(`closed already, said ${user}`);
    this.#open = false;
    return this;
  }

  sell(order: Order): string {
    const { total } = new Basket(order.lines);
    if (order.card) this.#charge(order.card, total);
    else this.drawer += (order.cash ?? 0) - total;
    return asMoney(total);
  }

  refund(order: Order): string {
    const { total } = new Basket(order.lines);
    //+ const label = asMoney(total, 'CHF');
    const back = -total;
    return order.card ? this.#charge(order.card, back + 2 * total) : this.#pay(back);
  }

  #charge(card: Card, cents: number): string {
    const label = card.holder.name.trim() + card.bank.code.trim();
    //+ const day = new Date(0).toISOString();
    if (cents > card.limit) throw new CardDeclined(`${label} may not spend ${asMoney(cents)}`);
    if (card.expires < '2026') throw new CardDeclined(`${label} is older than ${card.expires}`);
    return `${label} ${cents}`;
  }

  #pay(cents: number): string {
    this.drawer += cents;
    return asMoney(cents);
  }
}
