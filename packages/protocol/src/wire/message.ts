/**
 * Message bodies: values in, bytes out, and back through one hardened gate. Whoever reads a body from the network
 * reads it through {@link decodeMessage}; nothing else in fr parses msgpack or JSON from a peer.
 * @module
 */
// Not the main entry: on Node that one loads native code wherever the optional package for it is installed.
import { Packr, Unpackr } from 'msgpackr/pack';
import { MAX_MESSAGE_BYTES } from '../limits.ts';
import { ProtocolError } from '../protocol-error.ts';
import { MEDIA_TYPE } from '../routes.ts';
import { prescanJson, refuseReservedKeys } from './prescan-json.ts';
import { prescanMsgpack } from './prescan-msgpack.ts';

// Records, structured clones and other extensions of msgpackr stay off: plain maps, which any msgpack library reads.
const packr = new Packr({ useRecords: false, structuredClone: false, moreTypes: false });
const unpackr = new Unpackr({
  useRecords: false,
  mapsAsObjects: true,
  structuredClone: false,
  moreTypes: false,
  int64AsType: 'number',
});

/** Formats a message body can have. */
export type MessageFormat = 'msgpack' | 'json';

/** The format a `content-type` header names, or nothing. */
export function messageFormat(contentType: string | undefined): MessageFormat | undefined {
  const media = contentType?.split(';')[0]?.trim().toLowerCase();
  if (media === MEDIA_TYPE.msgpack) return 'msgpack';
  return media === MEDIA_TYPE.json ? 'json' : undefined;
}

/** Prints a value. Undefined members are left out in both formats. */
export function encodeMessage(value: unknown, format: MessageFormat): Uint8Array {
  if (format === 'json') return new TextEncoder().encode(JSON.stringify(value));
  return packr.pack(withoutUndefined(value));
}

/** Parses a body, `bytes` being already decompressed. The result is plain data, still to be decoded by shape. */
export function decodeMessage(bytes: Uint8Array, format: MessageFormat): unknown {
  if (bytes.byteLength > MAX_MESSAGE_BYTES) {
    throw new ProtocolError(
      'too-large',
      `a message of ${bytes.byteLength} bytes; the limit is ${MAX_MESSAGE_BYTES}`,
    );
  }
  if (format === 'msgpack') prescanMsgpack(bytes);
  else prescanJson(bytes);
  try {
    if (format === 'msgpack') return unpackr.unpack(bytes);
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes), refuseReservedKeys);
  } catch (cause) {
    if (cause instanceof ProtocolError) throw cause;
    throw new ProtocolError('malformed', `the body is not ${format}`, { cause });
  }
}

function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) =>
      member === undefined ? [] : [[key, withoutUndefined(member)]],
    ),
  );
}
