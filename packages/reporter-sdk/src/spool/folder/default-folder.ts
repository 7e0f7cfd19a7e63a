import { os, path } from '../../builtin.ts';

/** The folder in which the spools of all programs lie: `fr` in the user's state folder, never a shared one. */
export function stateFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const given = environment['XDG_STATE_HOME'];
  if (given !== undefined && path.isAbsolute(given)) return path.join(given, 'fr');
  if (process.platform === 'win32')
    return path.join(
      environment['LOCALAPPDATA'] ?? path.join(homeFolder(environment), 'AppData', 'Local'),
      'fr',
    );
  return path.join(homeFolder(environment), '.local', 'state', 'fr');
}

/** Where a program's spool lies unless it says otherwise. */
export function defaultSpoolFolder(
  program: string,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const name = program.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+/, '');
  return path.join(stateFolder(environment), name.slice(0, 80) || 'program');
}

/** As Node finds it; asked of `node:os`, which a starting program would have to load, only where no variable says it. */
function homeFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const said = environment[process.platform === 'win32' ? 'USERPROFILE' : 'HOME'];
  return said || os().homedir();
}
