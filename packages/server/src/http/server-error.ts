import type { ProblemCode } from '@fr/protocol';

/** A request that is understood and cannot be served. Becomes a problem document with this code and status. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
  readonly code: ProblemCode;
  readonly status: number;

  constructor(code: ProblemCode, status: number, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
    this.status = status;
  }
}
