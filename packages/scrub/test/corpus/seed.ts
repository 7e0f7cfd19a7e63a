/** A small generator of repeatable chance: the same seed gives the same corpus on every machine. */
export interface Chance {
  below(limit: number): number;
  pick<T>(list: readonly T[]): T;
  text(alphabet: string, length: number): string;
}

export function chance(seed: number): Chance {
  let state = seed >>> 0;
  function below(limit: number): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }
  return {
    below,
    pick: (list) => list[below(list.length)]!,
    text: (alphabet, length) => Array.from({ length }, () => alphabet[below(alphabet.length)]).join(''),
  };
}

export const DIGITS = '0123456789';
export const HEX = '0123456789abcdef';
export const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = LOWER.toUpperCase();
export const UPPER_BASE32: string = `${UPPER}234567`;
export const ALNUM: string = DIGITS + LOWER + UPPER;
