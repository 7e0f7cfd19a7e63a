/**
 * SHA-256 (FIPS 180-4) in plain arithmetic, synchronous. Own code because Web Crypto answers only with a
 * promise, and the program that needs this hash may be dying.
 */

/** The digest of a text in UTF-8, as eight words. */
export function sha256(text: string): number[] {
  const message = new TextEncoder().encode(text);
  const block = new DataView(new ArrayBuffer((message.length + 72) & -64));
  new Uint8Array(block.buffer).set(message);
  block.setUint8(message.length, 0x80);
  block.setUint32(block.byteLength - 4, message.length * 8);
  constants ??= fractions();
  let state = constants.initial;
  for (let at = 0; at < block.byteLength; at += 64) state = compressed(state, block, at, constants.rounds);
  return state;
}

function compressed(state: number[], block: DataView, offset: number, rounds: readonly number[]): number[] {
  const schedule: number[] = [];
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let t = 0; t < 64; t++) {
    const word = t < 16 ? block.getInt32(offset + t * 4) : expanded(schedule, t);
    schedule.push(word);
    const mixed = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + at(rounds, t) + word;
    const sum = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + mixed) | 0, c, b, a, (mixed + sum) | 0];
  }
  return [a, b, c, d, e, f, g, h].map((word, index) => (word + at(state, index)) | 0);
}

function expanded(schedule: readonly number[], t: number): number {
  const near = at(schedule, t - 2);
  const far = at(schedule, t - 15);
  const nearMix = turn(near, 17) ^ turn(near, 19) ^ (near >>> 10);
  const farMix = turn(far, 7) ^ turn(far, 18) ^ (far >>> 3);
  return (at(schedule, t - 16) + farMix + at(schedule, t - 7) + nearMix) | 0;
}

function turn(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

function at(words: readonly number[], index: number): number {
  return words[index] as number;
}

// The standard defines its constants as the fractions of square and cube roots of the first primes; computing
// them is smaller than listing them, and the test against known digests proves the rounding.
let constants: { readonly initial: number[]; readonly rounds: number[] } | undefined;

function fractions(): { initial: number[]; rounds: number[] } {
  const primes: number[] = [];
  for (let candidate = 2; primes.length < 64; candidate++) {
    if (primes.every((prime) => candidate % prime)) primes.push(candidate);
  }
  return {
    initial: primes.slice(0, 8).map((prime) => bits(prime ** 0.5)),
    rounds: primes.map((prime) => bits(Math.cbrt(prime))),
  };
}

function bits(root: number): number {
  return ((root % 1) * 2 ** 32) | 0;
}
