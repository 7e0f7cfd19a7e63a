import { fail, must } from './complain.ts';
import type { Visitor } from './orders.ts';

//+ /** Countries whose postcodes hold letters. */
//+ const LETTERED = new Set(['GB', 'NL', 'CA']);
//+
//+ export function looksLikePostcode(text: string, country: string): boolean {
//+   return LETTERED.has(country) ? text.length > 4 : /^\d+$/.test(text);
//+ }
//+
export function label(visitor: Visitor, without: 'street' | 'town' | 'none'): string {
  const street = must(without === 'street' ? undefined : visitor.name, `street of ${visitor.name}`);
  const town = must(without === 'town' ? '' : visitor.sku, `town of ${visitor.name}`);
  return `${street}\n${town}`;
}

export function zone(visitor: Visitor): number {
  const zones = new Map([['north', 1]]);
  const number = zones.get(visitor.street) ?? fail('ADDRESS', `no zone for ${visitor.street}`);
  return number * 2;
}

export function island(visitor: Visitor): boolean {
  if (visitor.name.length > 1) fail('ADDRESS', `${visitor.name} lives on an island`);
  return false;
}

export function mapLink(base: string, visitor: Visitor): string {
  const link = new URL(`${base}://${visitor.sku}:http`);
  return link.href;
}

export function fromLink(fragment: string): string {
  const text = decodeURIComponent(fragment);
  return text.trim();
}
