import { MAX_DEPTH, MAX_ITEMS } from '../limits.ts';
import { ProtocolError } from '../protocol-error.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Counts brackets and commas outside strings before anything is parsed: `JSON.parse` accepts a depth of a million
 * that `JSON.stringify` could not write again.
 */
export function prescanJson(bytes: Uint8Array): void {
  let depth = 0;
  let items = 1;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) at = skipString(bytes, at);
    else if (byte === 0x5b || byte === 0x7b) depth += 1;
    else if (byte === 0x5d || byte === 0x7d) depth -= 1;
    else if (byte === 0x2c) items += 1;
    if (depth > MAX_DEPTH) throw new ProtocolError('too-deep', `nested deeper than ${MAX_DEPTH}`);
    if (items > MAX_ITEMS) throw new ProtocolError('too-large', `more than ${MAX_ITEMS} values`);
  }
}

function skipString(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}

/** `JSON.parse` reviver that refuses keys through which a prototype could be reached. */
export function refuseReservedKeys(key: string, value: unknown): unknown {
  if (key === '__proto__' || key === 'constructor' || key === 'prototype') {
    throw new ProtocolError('malformed', `the key "${key}" is refused`);
  }
  return value;
}
