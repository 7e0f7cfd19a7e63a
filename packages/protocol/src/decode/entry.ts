import type { EntryHeader, EntryPart, EntryReply, Receipt } from '../entry/entry.ts';
import { OUTCOMES } from '../hit.ts';
import { MAX_ENTRY_BYTES, MAX_ENTRY_PARTS, MAX_TEXT } from '../limits.ts';
import { ProtocolError } from '../protocol-error.ts';
import { bucket } from './bucket.ts';
import { typeName } from './demand.ts';
import { type Decoder, integer, list, optional, record, text, word } from './field.ts';
import { demandId, id } from './id.ts';
import { time } from './message.ts';

const sha256 = text(64, /^[0-9a-f]{64}$/, 'a SHA-256 in hex');
const digest = text(71, /^sha256:[0-9a-f]{64}$/, 'a digest "sha256:…"');

const part: Decoder<EntryPart> = record<EntryPart>({
  type: typeName,
  contentType: text(128, /^[\w.+-]+\/[\w.+-]+(?:; ?charset=[\w-]+)?$/, 'a media type'),
  bytes: integer(0, MAX_ENTRY_BYTES),
  sha256,
});

const header: Decoder<EntryHeader> = record<EntryHeader>({
  entryId: id,
  reportId: id,
  bucket,
  outcome: word(OUTCOMES),
  at: time,
  platform: optional(text(64, /^[a-z0-9-]+$/, 'a platform, as in linux-x64')) as Decoder<string>,
  recalledAt: optional(time) as Decoder<number>,
  demands: list(demandId, 64),
  parts: list(part, MAX_ENTRY_PARTS),
});

const receipt: Decoder<Receipt> = record<Receipt>({
  at: time,
  to: text(MAX_TEXT),
  demands: list(demandId, 64),
  types: list(typeName, MAX_ENTRY_PARTS),
  digest,
});

const reply: Decoder<EntryReply> = record<EntryReply>({
  entryId: id,
  result: word(['stored', 'duplicate']),
  digest,
});

/** An entry's header line. Two parts of one type are refused: nobody could tell which was asked for. */
export function decodeEntryHeader(value: unknown): EntryHeader {
  const decoded = header(value, '');
  if (new Set(decoded.parts.map(({ type }) => type)).size === decoded.parts.length) return decoded;
  throw new ProtocolError('malformed', 'an information type occurs twice', { path: 'parts' });
}

/** A receipt read back from an entry's trailer. */
export function decodeReceipt(value: unknown): Receipt {
  return receipt(value, '');
}

/** Reply to an entry's `PUT`. */
export function decodeEntryReply(value: unknown): EntryReply {
  return reply(value, '');
}
