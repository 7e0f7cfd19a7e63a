/**
 * SHA-256 (FIPS 180-4) in plain arithmetic, synchronous. Own code because Web Crypto answers only with a
 * promise, and the program that needs this hash may be dying.
 */
export function sha256(message: Uint8Array): Uint8Array {
  const padded = pad(message);
  const state = Uint32Array.from(INITIAL);
  const schedule = new Uint32Array(64);
  for (let at = 0; at < padded.byteLength; at += 64) compress(state, schedule, padded, at);
  const digest = new DataView(new ArrayBuffer(32));
  state.forEach((word, index) => {
    digest.setUint32(index * 4, word);
  });
  return new Uint8Array(digest.buffer);
}

function pad(message: Uint8Array): DataView {
  const blocks = Math.ceil((message.length + 9) / 64);
  const bytes = new Uint8Array(blocks * 64);
  bytes.set(message);
  bytes[message.length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setUint32(bytes.length - 8, Math.floor(message.length / 0x20000000));
  view.setUint32(bytes.length - 4, message.length << 3);
  return view;
}

function compress(state: Uint32Array, schedule: Uint32Array, block: DataView, offset: number): void {
  for (let t = 0; t < 64; t++) {
    schedule[t] = t < 16 ? block.getUint32(offset + t * 4) : expand(schedule, t);
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let t = 0; t < 64; t++) {
    const choice = (e & f) ^ (~e & g);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const first =
      (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + choice + at(ROUND, t) + at(schedule, t)) | 0;
    const second = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + majority) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((word, index) => {
    state[index] = at(state, index) + word;
  });
}

function expand(schedule: Uint32Array, t: number): number {
  const near = at(schedule, t - 2);
  const far = at(schedule, t - 15);
  const nearMix = turn(near, 17) ^ turn(near, 19) ^ (near >>> 10);
  const farMix = turn(far, 7) ^ turn(far, 18) ^ (far >>> 3);
  return at(schedule, t - 16) + farMix + at(schedule, t - 7) + nearMix;
}

function turn(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

function at(words: Uint32Array, index: number): number {
  return words[index] ?? 0;
}

// The standard defines its constants as the fractions of square and cube roots of the first primes; computing
// them is smaller than listing them, and the test against known digests proves the rounding.
const PRIMES: readonly number[] = firstPrimes(64);
const ROUND: Uint32Array = Uint32Array.from(PRIMES, (prime) => fraction(Math.cbrt(prime)));
const INITIAL: Uint32Array = Uint32Array.from(PRIMES.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));

function firstPrimes(count: number): number[] {
  const primes: number[] = [];
  for (let candidate = 2; primes.length < count; candidate++) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  }
  return primes;
}

function fraction(root: number): number {
  return (root - Math.floor(root)) * 0x100000000;
}
