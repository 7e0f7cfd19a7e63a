import { path } from '../builtin.ts';
import { readOwnJson, writeWhole } from './folder/durable-file.ts';
import type { Spool } from './spool.ts';

const MAX_BYTES = 64 * 1024;

/** Where a program reports to; kept in its spool so that `fr-reporter deliver` by hand needs no environment. */
export interface StoredSettings {
  readonly server: string;
  readonly key: string;
}

/** The settings the host was last started with; empty texts where it has noted none. */
export function readSettings(spool: Spool): StoredSettings {
  const value = readOwnJson(path.join(spool.folder, 'settings.json'), MAX_BYTES);
  const { server, key } = (value ?? {}) as Partial<Record<'server' | 'key', unknown>>;
  return { server: typeof server === 'string' ? server : '', key: typeof key === 'string' ? key : '' };
}

/** Notes the settings, where they differ from those noted before. Not synced: a dying program waits for its failure only. */
export function keepSettings(spool: Spool, { server, key }: StoredSettings): void {
  const known = readSettings(spool);
  if (known.server === server && known.key === key) return;
  writeWhole(path.join(spool.folder, 'settings.json'), JSON.stringify({ server, key }));
}
