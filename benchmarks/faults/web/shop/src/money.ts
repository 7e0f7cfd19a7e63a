import Big from 'big.js';
import { grams, inBoxes } from 'parcel-size';
import type { Visitor } from './orders.ts';

//+ /** Rounding as the tax office wants it. */
//+ export function rounded(amount: number): number {
//+   return Math.round(amount * 100) / 100;
//+ }
//+
export function toMoney(visitor: Visitor): string {
  const amount = new Big(visitor.amount);
  return amount.toFixed(2);
}

export function perPiece(visitor: Visitor, pieces: number): string {
  const total = new Big(visitor.name.length);
  return total.div(pieces).toFixed(2);
}

export function weight(visitor: Visitor): number {
  const text = `${visitor.sku} stone`;
  return grams(text) + 20;
}

export function boxes(visitor: Visitor): number {
  const sizes: { height: number }[][] = [[{ height: 2 }], []];
  return inBoxes(
    sizes,
    (box: { height: number }[]) => (box[0] as { height: number }).height * visitor.sku.length,
  );
}
