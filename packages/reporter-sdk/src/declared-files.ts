import { informationType, isInformationTypeName } from '@fr/protocol';
import { path } from './builtin.ts';

/** A file that the program has named at its start. Only its information type ever appears in a demand, never its path. */
export interface DeclaredFile {
  /** Absolute. */
  readonly path: string;
  /** Bytes that are read at the most. */
  readonly maxBytes: number;
  /** Whether its last lines are meant, or all of it or nothing. */
  readonly take: 'tail' | 'whole';
}

/** Declared files by information type: `attachment:<name>` and `log-tail`. */
export type DeclaredFiles = Readonly<Record<string, DeclaredFile>>;

/** What a program says of a file; see {@link DeclaredFile}. A relative path is meant from its working folder. */
export interface FileDeclaration {
  readonly path: string;
  /** Default: 256 KiB. At most 64 MiB. */
  readonly maxBytes?: number;
  /** `tail`: the last whole lines within `maxBytes`. `whole`: all of it, and nothing where it is larger. Default: `tail`. */
  readonly take?: 'tail' | 'whole';
}

const DEFAULT_BYTES = 256 * 1024;

/** The declarations that make sense, made absolute. Names that no demand could carry are left out. */
export function declaredFiles(
  attachments: Readonly<Record<string, FileDeclaration>> | undefined,
  logTail: FileDeclaration | undefined,
): DeclaredFiles {
  const named = Object.entries(attachments ?? {}).map(
    ([name, file]) => [`attachment:${name}`, file] as const,
  );
  const all = logTail === undefined ? named : [...named, ['log-tail', logTail] as const];
  return Object.fromEntries(
    all.flatMap(([type, declaration]) => {
      const file = isInformationTypeName(type) ? declaredFile(type, declaration) : undefined;
      return file === undefined ? [] : [[type, file]];
    }),
  );
}

/** The declaration in a value from a program or from a disk; nothing where there is none. */
export function declaredFile(type: string, value: unknown): DeclaredFile | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const {
    path: name,
    maxBytes = DEFAULT_BYTES,
    take,
  } = value as Partial<Record<keyof DeclaredFile, unknown>>;
  if (typeof name !== 'string' || name === '' || name.includes('\0')) return undefined;
  if (typeof maxBytes !== 'number' || !(maxBytes > 0)) return undefined;
  const cap = informationType(type)?.cap ?? 0;
  return {
    path: path.resolve(name),
    maxBytes: Math.min(Math.floor(maxBytes), cap),
    take: take === 'whole' ? 'whole' : 'tail',
  };
}
