import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeDurably } from '../../spool/folder/durable-file.ts';
import { existingSpool, type Spool, waitingIds } from '../../spool/spool.ts';
import { SpoolError } from '../../spool/spool-error.ts';
import type { Check } from './check.ts';

const PROBE_BYTES = 16 * 1024;
const ADVICE: readonly (readonly [code: string, say: string])[] = [
  ['ENOSPC', 'no space is left on its disk; make room, failures are lost until there is some'],
  ['EDQUOT', 'the quota of its disk is used up; make room, failures are lost until there is some'],
  ['EROFS', 'its file system is read-only; set FR_SPOOL_DIR to a folder that can be written'],
  ['EACCES', 'it may not be written into; set FR_SPOOL_DIR to a folder of this user'],
  ['ENOTDIR', 'it is no folder; set FR_SPOOL_DIR to a folder of this user'],
  ['ENOENT', 'it takes no folders; set FR_SPOOL_DIR to a folder of this user'],
];

/** Could a failure be noted? */
export function checkSpool(folder: string): { readonly check: Check; readonly spool?: Spool } {
  const check = 'spool';
  try {
    const spool = existingSpool(folder);
    if (!spool) return { check: checkPlace(folder) };
    tryToWrite(spool);
    return { check: { check, ok: true, say: `${folder}, ${waitingIds(spool).length} waiting` }, spool };
  } catch (error) {
    const say = error instanceof SpoolError ? error.message : `${folder} cannot be used: ${causeOf(error)}`;
    return { check: { check, ok: false, say } };
  }
}

function tryToWrite(spool: Spool): void {
  const probe = join(spool.folder, 'doctor.probe');
  try {
    // An empty file would fit on a disk that is full.
    writeDurably(probe, ' '.repeat(PROBE_BYTES));
  } finally {
    rmSync(probe, { force: true });
  }
}

/** Where there is no spool yet: whether it could be made. */
function checkPlace(folder: string): Check {
  const check = 'spool';
  const above = nearest(folder);
  try {
    // Rights alone do not tell: the file system may be read-only, or be one that takes no folders.
    rmSync(mkdtempSync(join(above, '.fr-doctor-')), { recursive: true });
    return { check, ok: true, say: `${folder} will be made at the first failure` };
  } catch (error) {
    return { check, ok: false, say: `${folder} cannot be made in ${above}: ${causeOf(error)}` };
  }
}

function causeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return ADVICE.find(([known]) => known === code)?.[1] ?? String(error);
}

function nearest(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearest(dirname(folder));
}
