import { createHash } from 'node:crypto';
import type { SignedDemand } from '@fr/protocol';

/** Stands for a list of demands, in whatever order: the same demands, the same tag. */
export function demandsTag(demands: readonly SignedDemand[]): string {
  const hash = createHash('sha256');
  for (const signature of demands.map((demand) => demand.signature).sort()) hash.update(`${signature}\n`);
  return hash.digest('base64url').slice(0, 16);
}
