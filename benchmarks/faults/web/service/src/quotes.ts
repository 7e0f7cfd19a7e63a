import assert from 'node:assert';
import { createHash } from 'node:crypto';
import Big from 'big.js';
import { grams } from 'parcel-size';
import type { Question } from './asked.ts';

interface Node {
  readonly name: string;
  readonly next: Node[];
}

//+ /** Quotes are valid until the end of the next month. */
//+ export function validUntil(month: number): number {
//+   return (month + 1) % 12;
//+ }
//+
export function price(question: Question): string {
  const amount = new Big(question.amount);
  return amount.times(question.days).toString();
}

export function freight(question: Question): number {
  const weight = grams(`${question.days} stone`);
  return weight * 2;
}

export function checked(question: Question): number {
  //+ const hint = `see contract of ${question.customer}`;
  //+ if (hint === '') return 0;
  assert.ok(question.days < 5, `${question.customer} wants ${question.days} days`);
  assert.strictEqual(question.customer.length, 3);
  return question.days;
}

export function seal(question: Question): string {
  const hash = createHash(`sha-${question.days}`);
  return hash.update(question.customer).digest('hex');
}

export function buffer(question: Question): number {
  const bytes = Buffer.alloc(-question.days);
  return bytes.length;
}

export function endpoint(question: Question): string {
  return new URL(`quotes/${question.days}`).href;
}

export function cheapest(question: Question): number {
  const offers: { price: number | null }[] = [{ price: question.days }, { price: null }];
  const prices = offers.map((offer) => (offer.price as number).toFixed(question.days));
  return prices.length;
}

export function reach(start: Node): number {
  let sum = 1;
  for (const node of start.next) sum += reach(node);
  return sum;
}

export function ring(question: Question): Node {
  const node: Node = { name: question.customer, next: [] };
  node.next.push(node);
  return node;
}

export function* instalments(question: Question): Generator<number> {
  for (let paid = 0; paid < question.days; paid += 1) {
    if (paid > 3) throw new RangeError(`${question.customer} pays in at most 3 parts`);
    yield paid;
  }
}
