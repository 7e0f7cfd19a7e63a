/** What visitors bring along; each visit uses other data of the same shape. */
export interface Visitor {
  readonly name: string;
  readonly sku: string;
  readonly voucher: string;
  readonly street: string;
  readonly amount: string;
}

const VISITORS: readonly Visitor[] = [
  { name: 'Ada Fischer', sku: 'TEA-1021', voucher: 'SPRING-7', street: 'Lindenweg 4', amount: '12,90' },
  { name: 'Boubacar Ndiaye', sku: 'CUP-88', voucher: 'b2b.2041', street: '12 Rue du Port', amount: 'N/A' },
  { name: '李小龍', sku: 'MAT-000417-XL', voucher: 'WELCOME', street: '', amount: '1 299 kr' },
  {
    name: "Siobhán O'Neill at desk (7:12)",
    sku: 'X',
    voucher: 'f3a9-11e7',
    street: '3 Quay St.',
    amount: '--',
  },
];

//+ /** Visitors who came back within a week are greeted by name. */
//+ export function greeting(visitor: Visitor, visits: number): string {
//+   if (visits < 2) return 'Hello';
//+   return `Welcome back, ${visitor.name}`;
//+ }
//+
export function visitor(number: number): Visitor {
  return VISITORS[number % VISITORS.length] as Visitor;
}
