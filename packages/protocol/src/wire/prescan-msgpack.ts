/**
 * Walks a msgpack message without building anything. 50 bytes of nested array headers cost other decoders 2.4 GB:
 * here depth, the number of items and every declared length are checked against the bytes that are really there.
 * Extensions are refused (they revive live objects), and so are map keys that are not text.
 * @module
 */
import { MAX_DEPTH, MAX_ITEMS } from '../limits.ts';
import { ProtocolError } from '../protocol-error.ts';

/** What a first byte announces. */
const REFUSED = 0;
const VALUE = 1;
const TEXT = 2;
const ARRAY = 3;
const MAP = 4;

/** By first byte: what follows, the bytes of the length that is given first, and the length where it is not. */
const KIND = new Uint8Array(256);
const LENGTH_BYTES = new Uint8Array(256);
const LENGTH = new Uint8Array(256);

function announce(first: number, kind: number, lengthBytes: number, length = 0): void {
  KIND[first] = kind;
  LENGTH_BYTES[first] = lengthBytes;
  LENGTH[first] = length;
}

for (let first = 0; first < 256; first++) {
  if (first <= 0x7f || first >= 0xe0) announce(first, VALUE, 0);
  else if (first <= 0x8f) announce(first, MAP, 0, first & 0x0f);
  else if (first <= 0x9f) announce(first, ARRAY, 0, first & 0x0f);
  else if (first <= 0xbf) announce(first, TEXT, 0, first & 0x1f);
}
// nil, false, true; float32, float64; uint8 to uint64, int8 to int64
for (const first of [0xc0, 0xc2, 0xc3]) announce(first, VALUE, 0);
for (const [first, bytes] of [
  [0xca, 4],
  [0xcb, 8],
  [0xcc, 1],
  [0xcd, 2],
  [0xce, 4],
  [0xcf, 8],
  [0xd0, 1],
  [0xd1, 2],
  [0xd2, 4],
  [0xd3, 8],
] as const)
  announce(first, VALUE, 0, bytes);
for (const [place, bytes] of [1, 2, 4].entries()) {
  announce(0xc4 + place, VALUE, bytes);
  announce(0xd9 + place, TEXT, bytes);
}
for (const [place, bytes] of [2, 4].entries()) {
  announce(0xdc + place, ARRAY, bytes);
  announce(0xde + place, MAP, bytes);
}

function malformed(what: string): never {
  throw new ProtocolError('malformed', `not msgpack as we speak it: ${what}`);
}

/** Throws unless the bytes are exactly one value within the limits. */
export function prescanMsgpack(bytes: Uint8Array): void {
  /** Children still to come of each map or list that is open; a map counts its keys too. */
  const left: number[] = [];
  const maps: boolean[] = [];
  let at = 0;
  let items = 0;
  do {
    const isKey = beginChild(left, maps);
    const first = bytes[at] ?? malformed('it ends early');
    const kind = KIND[first];
    if (kind === REFUSED) malformed('extensions are not used');
    const length = lengthAt(bytes, at + 1, first);
    at += 1 + (LENGTH_BYTES[first] ?? 0);
    if (isKey) checkKey(bytes, kind, at, length);
    else items += 1;
    if (kind === VALUE || kind === TEXT) at += length;
    else {
      left.push(kind === MAP ? 2 * length : length);
      maps.push(kind === MAP);
    }
    checkLimits(left, items, bytes.byteLength - at);
    while (left.at(-1) === 0) {
      left.pop();
      maps.pop();
    }
  } while (left.length > 0);
  if (at !== bytes.byteLength) malformed('there are bytes behind its end');
}

/** Whether the child that comes is a map's key. */
function beginChild(left: number[], maps: readonly boolean[]): boolean {
  const open = left.length - 1;
  if (open < 0) return false;
  const count = left[open] ?? 0;
  left[open] = count - 1;
  return maps[open] === true && count % 2 === 0;
}

function lengthAt(bytes: Uint8Array, at: number, first: number): number {
  const size = LENGTH_BYTES[first] ?? 0;
  if (size === 0) return LENGTH[first] ?? 0;
  if (at + size > bytes.byteLength) malformed('it ends early');
  let length = 0;
  for (let place = at; place < at + size; place++) length = 256 * length + (bytes[place] ?? 0);
  return length;
}

function checkLimits(left: readonly number[], items: number, bytesLeft: number): void {
  if (items > MAX_ITEMS) throw new ProtocolError('too-large', `more than ${MAX_ITEMS} values`);
  if (left.length > MAX_DEPTH) throw new ProtocolError('too-deep', `nested deeper than ${MAX_DEPTH}`);
  // A child takes at least one byte: a count above what is left can be refused at once.
  if (bytesLeft < (left.at(-1) ?? 0) || bytesLeft < 0) malformed('it ends early');
}

/** Names under which a value would become part of what all objects share. */
const REFUSED_KEYS: readonly string[] = ['__proto__', 'constructor', 'prototype'];

function checkKey(bytes: Uint8Array, kind: number | undefined, at: number, length: number): void {
  if (kind !== TEXT) malformed('a map key is not text');
  if (!REFUSED_KEYS.some((key) => key.length === length)) return;
  const key = Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.min(length, bytes.byteLength - at));
  if (REFUSED_KEYS.includes(key.toString('latin1')))
    malformed(`the key "${key.toString('latin1')}" is refused`);
}
