/**
 * Message bodies between value and bytes, behind one hardened gate.
 * @module
 */
export { compress, decompress, type PackedBody } from './content-encoding.ts';
export { createHitsReader, type HitsReader } from './hits-body.ts';
export { decodeMessage, encodeMessage, type MessageFormat, messageFormat } from './message.ts';
