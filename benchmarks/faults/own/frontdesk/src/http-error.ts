/** What a guest gets to read. */
export class HttpError extends Error {
  readonly status: number;

  constructor(status: number, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = this.constructor.name;
    this.status = status;
  }
}

export class DeskError extends HttpError {}

/** Made here, thrown where somebody is turned away. */
export const turnedAway = (status: number, why: string): HttpError => {
  //+ const polite = status < 500;
  const message = `${status}: ${why}`;
  return new HttpError(status, message);
};
