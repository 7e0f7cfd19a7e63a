/**
 * An entry as it leaves: only the parts that go, without what the policy removes, its digest known beforehand.
 * @module
 */
import { describePart, type EntryHeader, type EntryPart, type PartContent, writeFrame } from '@fr/protocol';
import type { Decision } from '../decision/verdict.ts';
import {
  isReadable,
  MAX_REDACTED_BYTES,
  type PartRedaction,
  redactionFor,
  redactText,
} from '../policy/redaction/redaction.ts';
import type { PassOptions } from './pass-options.ts';

/** Why an entry that was to go cannot. `withheld`: what would leave is not what may. */
export type NotLeaving =
  | { readonly result: 'gone' }
  | { readonly result: 'damaged' | 'withheld'; readonly detail: string };

/** An entry about to go. */
export interface LeavingEntry {
  /** Announces exactly what leaves. */
  readonly header: EntryHeader;
  /** `sha256:<hex>` of the frame that will be sent. */
  readonly digest: string;
  /** Types from which something was removed. */
  readonly redacted: readonly string[];
  /** The parts that go, from the start. */
  readonly parts: () => AsyncIterable<PartContent>;
}

/** What it takes to know what would leave. */
export type LeavingOptions = Pick<PassOptions, 'store' | 'policy' | 'to'>;

/** What stands in the way of an entry that can be read. */
class Withheld extends Error {}

/**
 * Reads the parts once before anything is promised: their digest goes into the ledger before the first byte leaves,
 * and what lies damaged on the disk, or cannot be redacted, is found before it is announced.
 */
export async function leavingEntry(
  options: LeavingOptions,
  whole: EntryHeader,
  { types, demands, reviewed }: Pick<Decision, 'types' | 'demands' | 'reviewed'>,
): Promise<LeavingEntry | NotLeaving> {
  try {
    const content = await options.store.entries.read(whole.entryId);
    if (!content || content.entry.state === 'uploaded') return { result: 'gone' };
    const replaced = await redactParts(options, whole, content.parts(types));
    const projected = projectHeader(whole, types, demands);
    const header = {
      ...projected,
      parts: projected.parts.map((part) => replaced.get(part.type)?.part ?? part),
    };
    if (reviewed) checkReviewed(header.parts, reviewed);
    const parts = (): AsyncIterable<PartContent> => withReplaced(content.parts(types), replaced);
    let last: Uint8Array = new Uint8Array();
    for await (const chunk of writeFrame(header, parts())) last = chunk;
    // A frame's last line is the hash over all that stands before it.
    const digest = Buffer.from(last).toString('latin1').trimEnd();
    return { header, digest, parts, redacted: [...replaced.keys()] };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { result: error instanceof Withheld ? 'withheld' : 'damaged', detail };
  }
}

/** The entry as it travels: the same id, only the parts that go, under the demands it goes under. */
function projectHeader(
  whole: EntryHeader,
  types: readonly string[],
  demands: readonly string[],
): EntryHeader {
  return { ...whole, demands, parts: whole.parts.filter((part) => types.includes(part.type)) };
}

interface ReplacedPart {
  readonly part: EntryPart;
  readonly content: Uint8Array;
}

async function redactParts(
  { policy, to }: LeavingOptions,
  { bucket }: EntryHeader,
  parts: AsyncIterable<PartContent>,
): Promise<ReadonlyMap<string, ReplacedPart>> {
  const replaced = new Map<string, ReplacedPart>();
  for await (const { part, content } of parts) {
    const { type, contentType, sha256 } = part;
    const redaction = redactionFor(policy, { program: bucket.program, type, to });
    if (!redaction) continue;
    const bytes = await redactPart(part, content, redaction);
    const described = describePart(type, contentType, bytes);
    if (described.sha256 !== sha256) replaced.set(type, { part: described, content: bytes });
  }
  return replaced;
}

async function redactPart(
  { type, contentType, bytes }: EntryPart,
  content: PartContent['content'],
  redaction: PartRedaction,
): Promise<Uint8Array> {
  const how = 'name the types a redaction is about with "type:"';
  if (!isReadable(contentType)) {
    throw new Withheld(
      `${type} is ${contentType}, from which the policy's redactions cannot remove anything; ${how}`,
    );
  }
  if (bytes > MAX_REDACTED_BYTES) {
    throw new Withheld(
      `${type} has ${bytes} bytes, redactions look into ${MAX_REDACTED_BYTES} at the most; ${how}`,
    );
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of content instanceof Uint8Array ? [content] : content) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  // In another encoding what is looked for would not be found.
  if (text.includes('\u0000')) {
    throw new Withheld(`${type} is not UTF-8, so the policy's redactions cannot look into it; ${how}`);
  }
  return new TextEncoder().encode(redactText(text, redaction));
}

/** What somebody looked at leaves, or nothing does. */
function checkReviewed(parts: readonly EntryPart[], reviewed: Readonly<Record<string, string>>): void {
  const other = parts.find(({ type, sha256 }) => reviewed[type] !== sha256);
  if (other) {
    throw new Withheld(
      `what would leave of ${other.type} is no longer what was looked at; look again (\`fr-admin review\`)`,
    );
  }
}

async function* withReplaced(
  parts: AsyncIterable<PartContent>,
  replaced: ReadonlyMap<string, ReplacedPart>,
): AsyncGenerator<PartContent> {
  for await (const part of parts) yield replaced.get(part.part.type) ?? part;
}
