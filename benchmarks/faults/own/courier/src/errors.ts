/** A job that did not get done. */
export class JobError extends Error {
  readonly jobId: string;

  constructor(jobId: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'JobError';
    this.jobId = jobId;
  }
}

/** Nobody is to blame. */
export class Unreachable extends Error {
  static {
    Unreachable.prototype.name = 'Unreachable';
  }

  static host(host: string): Unreachable {
    return new Unreachable(`nobody at ${host}`);
  }
}
