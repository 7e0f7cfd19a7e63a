/** Why a spool cannot be used. */
export type SpoolErrorCode = 'foreign-owner' | 'open-to-others' | 'not-a-folder' | 'too-large' | 'not-a-file';

/** A spool folder or file that must not be trusted. Errors of the file system itself pass through unchanged. */
export class SpoolError extends Error {
  override readonly name = 'SpoolError';
  readonly code: SpoolErrorCode;

  constructor(code: SpoolErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
  }
}
