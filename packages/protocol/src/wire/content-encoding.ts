import { promisify } from 'node:util';
import { gunzip, type ZlibOptions, type ZstdOptions, zstdDecompress } from 'node:zlib';
import { MAX_EXPANSION, MAX_MESSAGE_BYTES } from '../limits.ts';
import { ProtocolError } from '../protocol-error.ts';

const gunzipAsync = promisify<Uint8Array, ZlibOptions, Buffer>(gunzip);
const zstdAsync = promisify<Uint8Array, ZstdOptions, Buffer>(zstdDecompress);

const FREE_BYTES = 1024 * 1024;

/**
 * Undoes a `content-encoding` of a message body. gzip and zstd only: brotli reaches a ratio of 659,630 and is
 * refused. The output is cut off at the message limit and at {@link MAX_EXPANSION} times the input above 1 MiB.
 */
export async function decompress(bytes: Uint8Array, encoding: string | undefined): Promise<Uint8Array> {
  const name = encoding?.trim().toLowerCase() ?? 'identity';
  if (name === '' || name === 'identity') return bytes;
  if (name !== 'gzip' && name !== 'zstd') {
    throw new ProtocolError(
      'unsupported-encoding',
      `content-encoding "${name.slice(0, 32)}" is not accepted; use gzip, zstd or none`,
    );
  }
  const maxOutputLength = Math.min(MAX_MESSAGE_BYTES, Math.max(FREE_BYTES, bytes.byteLength * MAX_EXPANSION));
  try {
    return await (name === 'gzip'
      ? gunzipAsync(bytes, { maxOutputLength })
      : zstdAsync(bytes, { maxOutputLength }));
  } catch (cause) {
    const tooLarge = cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE';
    if (tooLarge)
      throw new ProtocolError('too-large', `the body grows beyond ${maxOutputLength} bytes`, { cause });
    throw new ProtocolError('malformed', `the body is not ${name}`, { cause });
  }
}
