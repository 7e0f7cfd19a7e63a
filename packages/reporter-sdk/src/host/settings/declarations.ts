import { informationType } from '@fr/protocol';
import type { OwnCollector } from '../own-code.ts';

/** The program's own collectors by the information type they stand for; names that no demand could carry are left out. */
export function ownCollectors(
  collectors: Readonly<Record<string, OwnCollector>> | undefined,
): Readonly<Record<string, OwnCollector>> {
  const known = Object.entries(collectors ?? {}).map(([name, own]) => [`x-${name}`, own] as const);
  return Object.fromEntries(
    known.filter(([type, own]) => informationType(type) !== undefined && typeof own?.collect === 'function'),
  );
}
