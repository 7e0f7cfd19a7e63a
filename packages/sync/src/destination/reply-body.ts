import { MAX_MESSAGE_BYTES, type ProblemDocument } from '@fr/protocol';
import { decodeMessage, messageFormat } from '@fr/protocol/wire';
import { SyncError } from '../sync-error.ts';

/** Reads a reply's body through the hardened gate, never more of it than a message may be long. */
export async function readReply<T>(response: Response, decode: (value: unknown) => T): Promise<T> {
  const contentType = response.headers.get('content-type') ?? '';
  const format = messageFormat(contentType);
  if (!format) {
    await response.body?.cancel();
    throw new SyncError('bad-reply', `the reply is "${contentType.slice(0, 100)}", neither msgpack nor JSON`);
  }
  const bytes = await readCapped(response);
  try {
    return decode(decodeMessage(bytes, format));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SyncError('bad-reply', `the reply makes no sense: ${why}`, { cause });
  }
}

/** The problem document of an error reply, as far as it is one. */
export async function readProblem(
  response: Response,
): Promise<Pick<ProblemDocument, 'code' | 'detail'> | undefined> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(await readCapped(response)));
    if (typeof value !== 'object' || value === null) return undefined;
    const { code, detail } = value as Partial<ProblemDocument>;
    if (typeof code !== 'string') return undefined;
    return { code, detail: typeof detail === 'string' ? detail.slice(0, 500) : '' };
  } catch {
    return undefined;
  }
}

async function readCapped(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength;
    if (length > MAX_MESSAGE_BYTES) {
      throw new SyncError('bad-reply', `the reply is longer than ${MAX_MESSAGE_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
