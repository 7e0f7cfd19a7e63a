/**
 * Message bodies between value and bytes, behind one hardened gate.
 * @module
 */
export { type BundlePiece, readBundle } from '../bundle/bundle-reader.ts';
export { compress, decompress, type PackedBody } from './content-encoding.ts';
export { createHitsReader, type HitsReader } from './hits-body.ts';
export { decodeMessage, encodeMessage, type MessageFormat, messageFormat } from './message.ts';
