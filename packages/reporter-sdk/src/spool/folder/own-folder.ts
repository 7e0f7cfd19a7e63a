import { fs, path } from '../../builtin.ts';
import { SpoolError } from '../spool-error.ts';

const { O_RDONLY, O_DIRECTORY = 0, O_NOFOLLOW = 0 } = fs.constants;
const OTHERS = 0o077;
const OTHERS_WRITE = 0o022;

/**
 * Makes sure that a folder is there, is no link, belongs to us and is closed to others; makes it where it is missing
 * (0700). The checks are made on the opened folder, not on its name. Throws a {@link SpoolError} where it must not be used.
 */
export function ownFolder(folder: string): void {
  // An error made by Node for a folder that is there would take longer than all the rest.
  if (!fs.existsSync(folder)) makeFolder(folder);
  if (process.platform === 'win32') {
    checkByName(folder);
    return;
  }
  const descriptor = openFolder(folder);
  try {
    const { uid, mode } = fs.fstatSync(descriptor);
    if (uid !== process.geteuid?.())
      throw new SpoolError('foreign-owner', `${folder} belongs to another user (uid ${uid})`);
    if ((mode & OTHERS_WRITE) !== 0)
      throw new SpoolError('open-to-others', `others may write into ${folder}; make it 0700`);
    if ((mode & OTHERS) !== 0) fs.fchmodSync(descriptor, 0o700);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Not Node's own `recursive`, which never ends where a parent is there and takes no folders (/proc). */
function makeFolder(folder: string): void {
  try {
    fs.mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const parent = path.dirname(folder);
    if (code === 'EEXIST' || (code === 'EISDIR' && parent === folder)) return;
    if (code !== 'ENOENT' || parent === folder || fs.existsSync(parent)) throw error;
    makeFolder(parent);
    fs.mkdirSync(folder, { mode: 0o700 });
  }
}

function openFolder(folder: string): number {
  try {
    return fs.openSync(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  } catch (cause) {
    throw new SpoolError('not-a-folder', `${folder} is a link or no folder`, { cause });
  }
}

// Windows opens no folders; the profile folder it lies in is closed to other users.
function checkByName(folder: string): void {
  if (!fs.lstatSync(folder).isDirectory())
    throw new SpoolError('not-a-folder', `${folder} is a link or no folder`);
}
