import type { Settings } from '@fr/store';
import { ServerError } from '../http/server-error.ts';

/** Which server a folder belongs to. */
export type FolderRole = 'file server' | 'destination server';

const SETTING = 'role';

const COMMAND: Readonly<Record<FolderRole, string>> = {
  'file server': 'fr-admin',
  'destination server': 'fr-destination',
};

/**
 * Refuses the folder of the other server: counts and demands of a site and of a vendor look alike and mean different
 * things. The first server that opens a folder for writing puts its mark on it.
 */
export async function claimFolder(
  settings: Settings,
  role: FolderRole,
  options: { readonly dir: string; readonly readOnly: boolean },
): Promise<void> {
  const { dir, readOnly } = options;
  const held = await settings.read(SETTING);
  if (held === role) return;
  const other = (Object.keys(COMMAND) as FolderRole[]).find((known) => known === held);
  if (other)
    throw new ServerError(
      'conflict',
      409,
      `${dir} is the folder of a ${other}; \`${COMMAND[other]}\` works on it`,
    );
  if (!readOnly) await settings.write(SETTING, role);
}
