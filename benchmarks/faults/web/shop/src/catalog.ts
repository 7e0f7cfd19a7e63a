import type { Visitor } from './orders.ts';

interface Product {
  readonly sku: string;
  readonly title: string | null;
  readonly tags?: readonly string[];
  readonly stock: { readonly shelf: string; readonly count: number } | null;
}

interface Category {
  readonly title: string;
  parent: Category | undefined;
  readonly children: Category[];
}

function products(visitor: Visitor): Product[] {
  return [
    { sku: 'A', title: 'Tea', tags: ['hot'], stock: { shelf: '4b', count: 3 } },
    { sku: visitor.sku, title: null, stock: null },
    { sku: 'C', title: 'Cup', tags: [], stock: { shelf: '1a', count: 0 } },
  ];
}

//+ /** Shelves are numbered since the move to the new hall. */
//+ export function hallOf(shelf: string): number {
//+   return Number.parseInt(shelf, 10) > 3 ? 2 : 1;
//+ }
//+
export function tagLines(visitor: Visitor): string[] {
  const lines = products(visitor)
    .filter((product) => product.sku !== '')
    .map((product) => (product.tags as string[]).join(', '));
  return lines;
}

export function shelves(visitor: Visitor, narrow: boolean): string[] {
  const wanted = narrow
    ? products(visitor).filter((product) => (product.stock as { count: number }).count > 0)
    : products(visitor);
  const names = wanted.map((product) => (product.stock as { shelf: string }).shelf.toUpperCase());
  return names;
}

export function byTitle(visitor: Visitor): Product[] {
  return products(visitor).sort((left, right) => (left.title as string).localeCompare(right.title as string));
}

/** Makes the test that the search box hands to the list. */
export function matching(words: string): (product: Product) => boolean {
  const wanted = words.toLowerCase();
  return (product) => (product.title as string).toLowerCase().includes(wanted);
}

export function search(visitor: Visitor): Product[] {
  const test = matching(visitor.name);
  return products(visitor).filter(test);
}

export function depthOf(category: Category): number {
  if (category.parent === undefined) return 0;
  return 1 + depthOf(category.parent);
}

export function circular(visitor: Visitor): Category {
  const category: Category = { title: visitor.sku, parent: undefined, children: [] };
  category.parent = category;
  category.children.push(category);
  return category;
}

export function printCategory(category: Category, indent: string): string {
  const own = `${indent.length}${category.title}`;
  return own + printChildren(category, indent);
}

function printChildren(category: Category, indent: string): string {
  let printed = '';
  for (const child of category.children) {
    printed += printCategory(child, indent === '' ? ' ' : indent);
  }
  return printed;
}

export function* pages(visitor: Visitor, size: number): Generator<Product[]> {
  const all = products(visitor);
  for (let from = 0; from < all.length; from += size) {
    if (from > 1) throw new RangeError(`page ${from} of ${visitor.sku} is not there`);
    yield all.slice(from, from + size);
  }
}

export function countPages(visitor: Visitor): number {
  let count = 0;
  for (const page of pages(visitor, 1)) count += page.length;
  return count;
}
