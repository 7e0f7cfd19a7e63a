/** Refusals that the whole shop words the same way. */
export class ShopError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ShopError';
    this.code = code;
  }
}

//+ /** Codes that support looks up in its handbook. */
//+ export const HANDBOOK: Readonly<Record<string, string>> = {
//+   ADDRESS: 'chapter 3',
//+   PARCEL: 'chapter 7',
//+ };
//+
export function fail(code: string, message: string): never {
  throw new ShopError(code, message);
}

export function must<Value>(value: Value | undefined | null, what: string): Value {
  if (value === undefined || value === null || value === '') {
    throw new TypeError(`${what} is missing`);
  }
  return value;
}
