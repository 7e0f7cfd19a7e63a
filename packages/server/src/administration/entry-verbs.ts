import { normaliseId } from '@fr/protocol/ids';
import type { Entries, EntryContent } from '@fr/store';
import { ServerError } from '../http/server-error.ts';

/** Bytes of a part shown as text in one answer; what is longer is cut and says so. */
const SHOWN_BYTES = 256 * 1024;

/** An entry with its header, its receipts and the text of its parts, for `show`. */
export async function showEntry(
  entries: Entries,
  id: string,
  state: (content: EntryContent) => Promise<string>,
): Promise<object | undefined> {
  const entryId = normaliseId(id);
  const content = entryId === undefined ? undefined : await entries.read(entryId);
  if (!content) return undefined;
  const { entry } = content;
  const parts: Record<string, string> = {};
  for await (const { part, content: bytes } of content.parts())
    parts[part.type] = await shownText(bytes, part.contentType);
  return {
    ...entry.header,
    state: await state(content),
    receipts: entry.receipts,
    digest: entry.digest,
    bytes: entry.bytes,
    storedAt: entry.storedAt,
    content: parts,
  };
}

async function shownText(
  bytes: AsyncIterable<Uint8Array> | Uint8Array,
  contentType: string,
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of bytes instanceof Uint8Array ? [bytes] : bytes) {
    if (length < SHOWN_BYTES) chunks.push(chunk);
    length += chunk.byteLength;
  }
  if (!/^(text\/|application\/json)/.test(contentType)) return `(${length} bytes of ${contentType})`;
  const text = Buffer.concat(chunks).subarray(0, SHOWN_BYTES).toString('utf8');
  return length > SHOWN_BYTES ? `${text}\n… (${length} bytes in all)` : text;
}

/** The error for an id that names nothing here. */
export function nothingCalled(id: string): ServerError {
  return new ServerError(
    'not-found',
    404,
    `nothing here is called "${id.slice(0, 80)}"; \`buckets\`, \`problems\`, \`entries\` and \`demands\` list the ids there are`,
  );
}
