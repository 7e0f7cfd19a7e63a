/** Numbers from a seed; the same seed gives the same day on every machine. */
export interface Random {
  /** From 0 to below 1. */
  next(): number;
  /** A whole number from 0 to below `n`. */
  below(n: number): number;
  /** Fills it with bytes that nothing compresses. */
  bytes(into: Uint8Array): Uint8Array;
}

/** A generator of 32 bits by xor and shift; good enough to draw crashes. */
export function createRandom(seed: number): Random {
  let state = seed;
  function bits(): number {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  }
  const next = (): number => bits() / 2 ** 32;
  return {
    next,
    below: (n) => Math.floor(next() * n),
    bytes: (into) => {
      for (let place = 0; place < into.length; place += 1) into[place] = bits() >>> 24;
      return into;
    },
  };
}
