/**
 * Ids of reports and entries: UUIDv7, made by the sender. The time inside is never trusted for order or retention.
 * An id from outside is parsed to bytes and printed again before it may touch a path.
 * @module
 */

/** What {@link uuidv7} needs from the outside world, so that a seed reproduces a run. */
export interface IdSource {
  /** Milliseconds since 1970. Default: the clock. */
  readonly now?: () => number;
  /** Fills the array with random bytes. Default: the platform's secure generator. */
  readonly random?: (bytes: Uint8Array) => Uint8Array;
}

/** A new id in its printed form: 36 lower-case characters. */
export function uuidv7(source: IdSource = {}): string {
  const now = (source.now ?? Date.now)();
  const bytes = new Uint8Array(16);
  (source.random ?? ((into) => globalThis.crypto.getRandomValues(into)))(bytes);
  new DataView(bytes.buffer).setBigUint64(
    0,
    (BigInt(Math.max(0, Math.trunc(now))) << 16n) | (BigInt(bytes[6] ?? 0) << 8n) | BigInt(bytes[7] ?? 0),
  );
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return printId(bytes);
}

const DASH = 45;
const NO_DIGIT = 16;
/** Hexadecimal digits by character code. */
const DIGITS = Uint8Array.from({ length: 128 }, (_, code) => {
  const digit = '0123456789abcdef'.indexOf(String.fromCharCode(code).toLowerCase());
  return digit < 0 ? NO_DIGIT : digit;
});

/** The 16 bytes of an id in any of its printed forms (case, with or without dashes), or nothing. */
export function parseId(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(16);
  return writeId(text, bytes, 0) ? bytes : undefined;
}

/** Writes the 16 bytes of an id at a place; false, and anything there, where the text is none. */
export function writeId(text: string, into: Uint8Array, at: number): boolean {
  const dashed = text.length === 36;
  if (!dashed && text.length !== 32) return false;
  let digits = 0;
  for (let place = 0; place < text.length; place++) {
    const code = text.charCodeAt(place);
    if (dashed && code === DASH) continue;
    const digit = DIGITS[code] ?? NO_DIGIT;
    if (digit === NO_DIGIT || digits === 32) return false;
    const byte = at + (digits >> 1);
    into[byte] = digits & 1 ? (into[byte] ?? 0) | digit : digit << 4;
    digits += 1;
  }
  return digits === 32;
}

/** Prints 16 bytes the one way ids are written: lower case, with dashes. */
export function printId(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** As {@link printId} prints: most ids are, and need not be printed again. */
const PRINTED = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The id as we print it, whoever wrote it, or nothing: the only way an id from outside reaches a path. */
export function normaliseId(text: string): string | undefined {
  if (PRINTED.test(text)) return text;
  const bytes = parseId(text);
  return bytes && printId(bytes);
}
