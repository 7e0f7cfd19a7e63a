/**
 * `in-use`: another process serves the folder. `foreign`: the folder is not a store of ours. `newer`: it was written
 * by a later layout. `read-only`: an fsync failed earlier, another process has taken the folder, or the store was opened for reading. `damaged`: a hash does
 * not fit, or a file is not what it was. `busy`: too many writes wait for the disk; nothing of the call was kept, try again later.
 */
export type StoreErrorCode =
  | 'in-use'
  | 'foreign'
  | 'newer'
  | 'not-found'
  | 'storage-full'
  | 'storage-failed'
  | 'read-only'
  | 'damaged'
  | 'busy'
  | 'closed';

/** Something the store could not do. Not used for duplicates and refusals: those are results. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
  }
}
