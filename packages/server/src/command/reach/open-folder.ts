import { StoreError } from '@fr/store';
import { CommandError } from '../command-error.ts';

/** Opens a folder; what is wrong with it becomes one line that says what to do. */
export async function openFolder<T>(dir: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    throw folderProblem(dir, error) ?? error;
  }
}

function folderProblem(dir: string, error: unknown): CommandError | undefined {
  if (error instanceof CommandError) return undefined;
  if (error instanceof StoreError && error.code === 'not-found')
    return new CommandError('failed', `there is no store in ${dir}; \`serve --data ${dir}\` makes one`, {
      cause: error,
    });
  const code = systemCode(error);
  const problem = code === undefined ? undefined : FOLDER_PROBLEM[code];
  return problem === undefined
    ? undefined
    : new CommandError('failed', `${dir} ${problem}`, { cause: error });
}

const NOT_OURS = 'cannot be used by this user; run as its owner, or choose another folder with --data';

const FOLDER_PROBLEM: Readonly<Partial<Record<string, string>>> = {
  ENOTDIR: 'is a file or lies below one; --data takes a folder',
  EEXIST: 'is a file; --data takes a folder',
  EACCES: NOT_OURS,
  EPERM: NOT_OURS,
  EROFS: 'is on a disk that cannot be written; choose another folder with --data',
};

/** The operating system's word for what happened, from the error or what caused it. */
function systemCode(error: unknown): string | undefined {
  for (let each = error; each instanceof Error; each = each.cause) {
    if ('syscall' in each && 'code' in each && typeof each.code === 'string') return each.code;
  }
  return undefined;
}
