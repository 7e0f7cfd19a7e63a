/** The faults of the two programs, by the names in their own tables. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Program } from './workspace.ts';

const FAULTS = join(import.meta.dirname, '..', '..', '..', 'faults', 'web');
const TABLES: Readonly<Record<Program, string>> = {
  shop: 'shop/src/visits.ts',
  service: 'service/src/main.ts',
};

/** About a sixth of the faults, of all sorts: nobody has their sources, and no map brings them along. */
const WITHOUT_SOURCES: ReadonlySet<string> = new Set([
  'cart-voucher-unknown',
  'cart-voucher-ended',
  'catalog-tags-map',
  'catalog-depth-recursion',
  'api-status',
  'checkout-slot-await',
  'address-zone-fail',
  'money-parcel-callback',
  'rules-frozen',
  'view-click-listener',
  'view-nest-cycle',
  'tariff-last-getter',
  'quote-assert-days',
  'job-listener',
  'tariff-file-sync',
]);

export function faultsOf(program: Program): readonly string[] {
  const table = readFileSync(join(FAULTS, TABLES[program]), 'utf8');
  const names = [...table.matchAll(/^ {2}\[\s*'([\w-]+)',/gm)].map(([, name = '']) => name);
  if (names.length === 0) throw new Error(`no faults in ${TABLES[program]}`);
  return names;
}

/** Only where there is a document. */
export function needsPage(fault: string): boolean {
  return fault.startsWith('view-');
}

export function hasSources(fault: string): boolean {
  return !WITHOUT_SOURCES.has(fault);
}
