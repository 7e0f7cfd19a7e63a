/** Numbers from a seed; the same seed gives the same numbers on every machine. */
export interface Random {
  /** From 0 to below 1. */
  next(): number;
  /** A whole number from 0 to below `n`. */
  below(n: number): number;
  /** True with this probability. Draws a number whatever the probability, so that a fault turned off moves nothing else. */
  chance(probability: number): boolean;
  pick<T>(items: readonly [T, ...T[]]): T;
  bytes(into: Uint8Array): Uint8Array;
  /** Another, independent source. */
  fork(): Random;
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  function bits(): number {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  }
  const next = (): number => bits() / 0x1_0000_0000;
  const below = (n: number): number => Math.floor(next() * n);
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick: (items) => items[below(items.length)] ?? items[0],
    bytes: (into) => {
      for (let place = 0; place < into.length; place++) into[place] = bits() & 0xff;
      return into;
    },
    fork: () => createRandom(bits()),
  };
}
