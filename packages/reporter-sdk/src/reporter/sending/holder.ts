import { parseId, uuidv7 } from '@fr/protocol/ids';
import { path } from '../../builtin.ts';
import { readOwnJson, writeDurably } from '../../spool/folder/durable-file.ts';
import type { Spool } from '../../spool/spool.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const MAX_BYTES = 1_000;

/**
 * Who asks a site for leases: this spool, whichever of its failures is the reason. So a spool never waits for a lease that
 * it has itself and of which the reply was lost. No lease lasts longer than a day, and neither does this name.
 */
export function holderOf(spool: Spool, now: number): string {
  const file = path.join(spool.folder, 'holder.json');
  const known = readHolder(file);
  if (known && known.at <= now && now < known.at + DAY_MS) return known.id;
  const id = uuidv7({ now: () => now });
  writeDurably(file, JSON.stringify({ id, at: now }));
  return id;
}

function readHolder(file: string): { readonly id: string; readonly at: number } | undefined {
  const value = readOwnJson(file, MAX_BYTES) as Partial<Record<'id' | 'at', unknown>> | undefined | null;
  const { id, at } = value ?? {};
  return typeof id === 'string' && parseId(id) && typeof at === 'number' ? { id, at } : undefined;
}
