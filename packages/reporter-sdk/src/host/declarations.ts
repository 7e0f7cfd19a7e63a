import { INFORMATION_TYPES, informationType } from '@fr/protocol';
import type { DeclaredFiles } from '../declared-files.ts';
import type { OwnCollector } from './own-code.ts';

/**
 * The information types a program declares: those it names as far as they exist; else the default ones, and what it has
 * set up by its other options.
 */
export function declaredTypes(
  named: readonly string[] | undefined,
  files: DeclaredFiles,
  collectors: Readonly<Record<string, OwnCollector>>,
): readonly string[] {
  if (named !== undefined) return named.filter((type) => informationType(type) !== undefined);
  const defaults = INFORMATION_TYPES.filter((type) => informationType(type)?.declared);
  return [...defaults, ...Object.keys(files), ...Object.keys(collectors)];
}

/** The program's own collectors by the information type they stand for; names that no demand could carry are left out. */
export function ownCollectors(
  collectors: Readonly<Record<string, OwnCollector>> | undefined,
): Readonly<Record<string, OwnCollector>> {
  const known = Object.entries(collectors ?? {}).map(([name, own]) => [`x-${name}`, own] as const);
  return Object.fromEntries(
    known.filter(([type, own]) => informationType(type) !== undefined && typeof own?.collect === 'function'),
  );
}
