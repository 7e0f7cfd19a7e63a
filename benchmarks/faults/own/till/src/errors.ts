/** What the till refuses. */
export class TillError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'TillError';
    this.code = code;
  }
}

export class CardDeclined extends TillError {
  constructor(message: string) {
    super('E_DECLINED', message);
    this.name = 'CardDeclined';
  }
}

/** Made here, thrown by whoever misses something. */
export function outOfStock(sku: string, wanted: number): TillError {
  const message = `out of stock: ${sku}, wanted ${wanted}`;
  //+ if (wanted < 0) return new TillError('E_BULK', message);
  return new TillError('E_STOCK', message);
}

/** Like `outOfStock`, but hides itself from the stack. */
export function wrongState(state: string): Error {
  const error = new TillError('E_STATE', `the till is ${state}`);
  Error.captureStackTrace(error, wrongState);
  return error;
}
