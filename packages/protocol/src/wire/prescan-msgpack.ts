/**
 * Walks a msgpack message without building anything. 50 bytes of nested array headers cost other decoders 2.4 GB:
 * here depth, the number of items and every declared length are checked against the bytes that are really there.
 * Extensions are refused (they revive live objects), and so are map keys that are not text.
 * @module
 */
import { MAX_DEPTH, MAX_ITEMS } from '../limits.ts';
import { ProtocolError } from '../protocol-error.ts';

/** Bytes of a fixed-size value by its first byte; 0xc0 nil … 0xd3 int64. */
const FIXED: ReadonlyMap<number, number> = new Map([
  [0xc0, 0],
  [0xc2, 0],
  [0xc3, 0],
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
]);

/** Bytes of the length that follows, by first byte: bin, str, array, map. */
const COUNTED: ReadonlyMap<
  number,
  { readonly size: 1 | 2 | 4; readonly of: 'bytes' | 'array' | 'map'; readonly text?: true }
> = new Map([
  [0xc4, { size: 1, of: 'bytes' }],
  [0xc5, { size: 2, of: 'bytes' }],
  [0xc6, { size: 4, of: 'bytes' }],
  [0xd9, { size: 1, of: 'bytes', text: true }],
  [0xda, { size: 2, of: 'bytes', text: true }],
  [0xdb, { size: 4, of: 'bytes', text: true }],
  [0xdc, { size: 2, of: 'array' }],
  [0xdd, { size: 4, of: 'array' }],
  [0xde, { size: 2, of: 'map' }],
  [0xdf, { size: 4, of: 'map' }],
]);

interface Head {
  readonly of: 'bytes' | 'array' | 'map';
  readonly text: boolean;
  /** Bytes of content, or number of children. */
  readonly count: number;
  /** Where the content begins. */
  readonly next: number;
}

function malformed(what: string): never {
  throw new ProtocolError('malformed', `not msgpack as we speak it: ${what}`);
}

function readHead(bytes: Uint8Array, view: DataView, at: number): Head {
  const first = bytes[at] ?? malformed('it ends early');
  if (first <= 0x7f || first >= 0xe0) return { of: 'bytes', text: false, count: 0, next: at + 1 };
  if (first <= 0x8f) return { of: 'map', text: false, count: first & 0x0f, next: at + 1 };
  if (first <= 0x9f) return { of: 'array', text: false, count: first & 0x0f, next: at + 1 };
  if (first <= 0xbf) return { of: 'bytes', text: true, count: first & 0x1f, next: at + 1 };
  const fixed = FIXED.get(first);
  if (fixed !== undefined) return { of: 'bytes', text: false, count: fixed, next: at + 1 };
  const counted = COUNTED.get(first) ?? malformed('extensions are not used');
  if (at + 1 + counted.size > bytes.byteLength) return malformed('it ends early');
  const count =
    counted.size === 1
      ? view.getUint8(at + 1)
      : counted.size === 2
        ? view.getUint16(at + 1)
        : view.getUint32(at + 1);
  return { of: counted.of, text: counted.text === true, count, next: at + 1 + counted.size };
}

/** A map or list that is being walked. */
interface Level {
  /** Children still to come; a map counts its keys too. */
  left: number;
  readonly map: boolean;
}

/** Throws unless the bytes are exactly one value within the limits. */
export function prescanMsgpack(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const open: Level[] = [];
  let at = 0;
  let items = 0;
  do {
    const level = open.at(-1);
    const isKey = level?.map === true && level.left % 2 === 0;
    if (level) level.left -= 1;
    const head = readHead(bytes, view, at);
    if (isKey) checkKey(bytes, head);
    else items += 1;
    at = head.of === 'bytes' ? head.next + head.count : head.next;
    if (head.of !== 'bytes')
      open.push({ left: head.of === 'map' ? 2 * head.count : head.count, map: head.of === 'map' });
    checkLimits(open, items, bytes.byteLength - at);
    while (open.at(-1)?.left === 0) open.pop();
  } while (open.length > 0);
  if (at !== bytes.byteLength) malformed('there are bytes behind its end');
}

function checkLimits(open: readonly Level[], items: number, bytesLeft: number): void {
  if (items > MAX_ITEMS) throw new ProtocolError('too-large', `more than ${MAX_ITEMS} values`);
  if (open.length > MAX_DEPTH) throw new ProtocolError('too-deep', `nested deeper than ${MAX_DEPTH}`);
  // A child takes at least one byte: a count above what is left can be refused at once.
  if (bytesLeft < (open.at(-1)?.left ?? 0) || bytesLeft < 0) malformed('it ends early');
}

function checkKey(bytes: Uint8Array, head: Head): void {
  if (!head.text) malformed('a map key is not text');
  const key = Buffer.from(
    bytes.buffer,
    bytes.byteOffset + head.next,
    Math.min(head.count, bytes.byteLength - head.next),
  ).toString('latin1');
  if (key === '__proto__' || key === 'constructor' || key === 'prototype')
    malformed(`the key "${key}" is refused`);
}
