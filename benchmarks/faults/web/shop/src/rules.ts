import type { Visitor } from './orders.ts';

/** Discounts that the office writes in a text field. */
//+ const CACHE = new Map<string, unknown>();
//+
//+ export function forget(rule: string): boolean {
//+   return CACHE.delete(rule);
//+ }
//+
export function applyRule(visitor: Visitor): unknown {
  const rule = new Function('customer', 'return customer.contract.discount * 2');
  const discount = rule({ name: visitor.name });
  return discount;
}

export function evaluate(visitor: Visitor): unknown {
  const text = `(function priceOf(count) { return count * basePriceOf${visitor.sku.length}; })(3)`;
  const price = (0, eval)(text);
  return price;
}

export function frozen(visitor: Visitor): void {
  'use strict';
  const terms = Object.freeze({ days: 14 });
  (terms as { days: number }).days = visitor.name.length;
}

export function compact(visitor: Visitor): string {
  const customer: Record<string, unknown> = { name: visitor.name };
  customer['self'] = customer;
  const text = JSON.stringify(customer);
  return text.trim();
}

export function watched(visitor: Visitor): unknown {
  const guarded = new Proxy(
    { name: visitor.name },
    {
      get(target, key) {
        if (!(key in target)) throw new ReferenceError(`${String(key)} of ${visitor.name} is not kept`);
        return target.name;
      },
    },
  ) as Record<string, unknown>;
  return guarded['iban'];
}

export function copied(visitor: Visitor): unknown {
  const copy = structuredClone({ name: visitor.name, print: () => visitor.name });
  return copy;
}

export function opening(visitor: Visitor): string {
  const format = new Intl.DateTimeFormat('en', { timeZone: `Mars/${visitor.sku}` });
  return format.format(0);
}
