import { outOfStock } from './errors.ts';

export interface Move {
  readonly sku: string;
  readonly count: number;
}

/** What lies in the shop and what in the cellar. */
export class Stock {
  readonly shop = new Map<string, number>([['milk', 3]]);
  readonly cellar = new Map<string, number>([['milk', 20]]);

  reserve(move: Move): number {
    const left = (this.shop.get(move.sku) ?? 0) - move.count;
    if (left < 0) throw outOfStock(move.sku, move.count);
    this.shop.set(move.sku, left);
    return left;
  }

  transfer(move: Move): void {
    const below = this.cellar.get(move.sku) ?? 0;
    //+ const above = this.shop.get(move.sku);
    if (below < move.count) throw outOfStock(move.sku, move.count);
    this.cellar.set(move.sku, below - move.count);
    this.shop.set(move.sku, (this.shop.get(move.sku) ?? 0) + move.count);
  }

  /** Both at once, for the stocktaking. */
  take(moves: readonly (Move & { readonly spare?: number })[]): void {
    for (const { sku, count, spare = 0 } of moves) {
      this.transfer({ sku, count });
      this.reserve({ sku, count: count + spare });
    }
  }
}
