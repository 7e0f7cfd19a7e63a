import { StoreError, type StoreErrorCode } from '../../contract/store-error.ts';
import { FolderLostError } from '../folder/fence.ts';

/** An error as it crosses from the writer's thread. */
export interface Fault {
  readonly code: StoreErrorCode;
  readonly message: string;
  /** After this nothing may be written any more: a sync failed, or the folder was lost. */
  readonly lasting: boolean;
  /** Whether SQLite may have undone the whole transaction, not just one statement. */
  readonly whole: boolean;
  /** The file itself is not what it should be. */
  readonly corrupt: boolean;
}

const BUSY = 5;
const NOMEM = 7;
const READONLY = 8;
const IOERR = 10;
const CORRUPT = 11;
const FULL = 13;
const NOTADB = 26;
const IOERR_FSYNC = 1034;
const IOERR_DIR_FSYNC = 1290;

const WHOLE: readonly number[] = [BUSY, NOMEM, READONLY, IOERR, CORRUPT, FULL, NOTADB];

/** What an error thrown while writing to SQLite means for the store. */
export function faultOf(cause: unknown): Fault {
  if (cause instanceof FolderLostError)
    return { code: cause.code, message: cause.message, lasting: true, whole: true, corrupt: false };
  if (cause instanceof StoreError)
    return { code: cause.code, message: cause.message, lasting: false, whole: true, corrupt: false };
  const errcode = cause instanceof Error && 'errcode' in cause ? Number(cause.errcode) : 0;
  const primary = errcode & 0xff;
  const lasting = errcode === IOERR_FSYNC || errcode === IOERR_DIR_FSYNC;
  const corrupt = primary === CORRUPT || primary === NOTADB;
  const text = cause instanceof Error ? cause.message : String(cause);
  const code = corrupt ? 'damaged' : primary === FULL ? 'storage-full' : 'storage-failed';
  const message = corrupt
    ? `store.sqlite is damaged (${text}); run "fr-admin verify --repair" on this folder`
    : `the store could not be written: ${text}`;
  return { code, message, lasting, whole: WHOLE.includes(primary), corrupt };
}
