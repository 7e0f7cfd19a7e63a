/** Why a message was not understood. `too-large` and `too-deep` are found before anything is built in memory. */
export type ProtocolErrorCode =
  | 'malformed'
  | 'too-large'
  | 'too-deep'
  | 'unsupported-media-type'
  | 'unsupported-encoding'
  | 'unsupported-version'
  | 'digest-mismatch';

/**
 * A message, entry or token that cannot be accepted as it is. Not used for messages that are understood and
 * declined (not needed, refused by policy): those are values.
 */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly code: ProtocolErrorCode;
  /** Where in the message, as in `hits[3].bucket.program`; empty where the whole is meant. */
  readonly path: string;

  constructor(code: ProtocolErrorCode, message: string, options: { path?: string; cause?: unknown } = {}) {
    super(options.path ? `${options.path}: ${message}` : message, { cause: options.cause });
    this.code = code;
    this.path = options.path ?? '';
  }
}
