import { CALLERS } from './callers.ts';
import { visitor } from './orders.ts';
import { VISITS } from './visits.ts';

function wishes(): URLSearchParams {
  return new URLSearchParams((globalThis as { SHOP_WISH?: string }).SHOP_WISH);
}

//+ /** Shown at the foot of every page. */
//+ export const EDITION = 'spring';
//+
function open(wish: URLSearchParams): void {
  const visit = VISITS.get(wish.get('visit') ?? '');
  const caller = CALLERS[wish.get('caller') ?? 'load'];
  if (visit === undefined || caller === undefined) return;
  caller(() => visit(visitor(Number(wish.get('visitor') ?? 0))));
}

open(wishes());
