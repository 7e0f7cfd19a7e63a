import { fs } from '../builtin.ts';
import { SpoolError } from './spool-error.ts';

const { O_RDONLY, O_DIRECTORY = 0, O_NOFOLLOW = 0 } = fs.constants;
const OTHERS = 0o077;
const OTHERS_WRITE = 0o022;

/**
 * Makes sure that a folder is there, is no link, belongs to us and is closed to others; makes it where it is missing
 * (0700). The checks are made on the opened folder, not on its name. Throws a {@link SpoolError} where it must not be used.
 */
export function ownFolder(folder: string): void {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
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
