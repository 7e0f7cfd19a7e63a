import { createHash } from 'node:crypto';
import { bucketName } from '@fr/bucket';
import { printEntryHead, writeFrame } from '@fr/protocol';
import { normaliseId } from '@fr/protocol/ids';
import { canonicalJson } from '@fr/protocol/signature';
import {
  flagParam,
  listParam,
  neededParam,
  nothingCalled,
  type Params,
  ServerError,
  textParam,
  type Verb,
} from '@fr/server';
import type { EntryReview, ExaminedEntry, LeavingEntry, PreviewedEntry } from '@fr/sync';
import type { Site } from '../site/site.ts';
import type { Upward } from '../site/upward.ts';

/** Bytes of a part in one answer; what is longer is cut and says so. */
const SHOWN_BYTES = 256 * 1024;
/** Bytes of a whole frame in one answer. */
const RAW_BYTES = 64 * 1024 * 1024;

/** `review`, `review-show`, `review-decide`: the look at each entry that the policy asks for, and what comes of it. */
export function reviewVerbs(site: Site, upward: Upward, now: () => number): readonly Verb[] {
  return [
    { name: 'review', acts: false, run: () => listReviews(site, upward) },
    { name: 'review-show', acts: false, run: (params) => showReview(site, upward, params) },
    { name: 'review-decide', acts: true, run: (params) => decideReviews(site, upward, params, now()) },
  ];
}

/** Entries that wait for a look, and those that were looked at and have not left yet. */
async function listReviews(site: Site, upward: Upward): Promise<object> {
  const { review = 'none' } = site.policy.policy;
  const reviews = await site.reviews.all();
  // All of them, also those a preview does not show.
  const concerned: PreviewedEntry[] = [];
  await upward.preview((decision) => {
    if (stateOf(decision, reviews.get(decision.entryId))) concerned.push(decision);
  });
  const entries: object[] = [];
  for (const decision of concerned) {
    const known = reviews.get(decision.entryId);
    const state = stateOf(decision, known) ?? '';
    entries.push(await reviewLine(site, decision, state, known));
  }
  return { review, entries };
}

function stateOf({ verdict, gate }: PreviewedEntry, known: EntryReview | undefined): string | undefined {
  if (gate === 'review') return 'waiting';
  if (!known) return undefined;
  if (verdict === 'upload') return 'approved';
  if (verdict === 'refuse') return known.decision;
  // It was approved, and what would leave of it is something else by now, or it is held back for another reason.
  return verdict === 'keep' ? 'held back' : undefined;
}

async function reviewLine(
  site: Site,
  { entryId, bucketId, types, reason, demands }: PreviewedEntry,
  state: string,
  known: EntryReview | undefined,
): Promise<object> {
  const content = await site.store.entries.read(entryId).catch(() => undefined);
  const bucket = content?.entry.header.bucket;
  const parts = content?.entry.header.parts.filter(({ type }) => types.includes(type)) ?? [];
  return {
    entryId,
    bucketId,
    state,
    program: bucket?.program,
    programVersion: bucket?.programVersion,
    name: bucket && bucketName(bucket),
    types,
    bytes: parts.reduce((sum, part) => sum + part.bytes, 0),
    demands,
    reason,
    ...(known ? { by: known.by, at: known.at } : {}),
  };
}

async function showReview(site: Site, upward: Upward, params: Params): Promise<object> {
  const id = neededParam(params, 'id');
  const examined = await examine(upward, id, listParam(params, 'without'));
  const { leaving, demands, decision, why } = examined;
  const known = (await site.reviews.all()).get(decision.entryId);
  const asked = demands.map(({ demand, source, approval }) => ({
    demandId: demand.terms.id,
    source,
    author: demand.terms.author,
    reason: demand.terms.reason,
    ...(approval ? { approvedBy: approval.by } : {}),
  }));
  const about = {
    entryId: decision.entryId,
    to: destinationOf(site),
    asked,
    why,
    ...(known ? { review: known } : {}),
  };
  if (!leaving) return { ...about, leaves: false };
  if (flagParam(params, 'raw')) return { ...about, leaves: true, frame: await rawFrame(leaving) };
  const head = Buffer.from(printEntryHead(leaving.header)).toString('utf8');
  return { ...about, leaves: true, seen: seenOf(site, leaving), head, parts: await shownParts(leaving) };
}

async function examine(upward: Upward, id: string, without: readonly string[]): Promise<ExaminedEntry> {
  const entryId = normaliseId(id);
  const examined = entryId === undefined ? undefined : await upward.examine(entryId, without);
  if (!examined) throw nothingCalled(id);
  const unknown = without.find((type) => !examined.decision.types.includes(type));
  if (unknown === undefined) return examined;
  const there = examined.decision.types.join(', ') || 'nothing';
  throw new ServerError('malformed', 400, `"${unknown}" would not leave anyway; there would: ${there}`);
}

async function shownParts({ parts, redacted }: LeavingEntry): Promise<readonly object[]> {
  const shown: object[] = [];
  for await (const { part, content } of parts()) {
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of content instanceof Uint8Array ? [content] : content) {
      if (length < SHOWN_BYTES) chunks.push(chunk);
      length += chunk.byteLength;
    }
    const bytes = Buffer.concat(chunks).subarray(0, SHOWN_BYTES);
    const isText = /^(?:text\/|application\/(?:[\w.-]+\+)?json\b)/i.test(part.contentType);
    shown.push({
      ...part,
      redacted: redacted.includes(part.type),
      cut: length > SHOWN_BYTES,
      ...(isText ? { text: bytes.toString('utf8') } : { base64: bytes.toString('base64') }),
    });
  }
  return shown;
}

async function rawFrame({ header, parts }: LeavingEntry): Promise<string> {
  const size = header.parts.reduce((sum, { bytes }) => sum + bytes, 0);
  if (size > RAW_BYTES)
    throw new ServerError(
      'too-large',
      413,
      `it has ${size} bytes; at most ${RAW_BYTES} are shown as they are`,
    );
  const chunks: Uint8Array[] = [];
  for await (const chunk of writeFrame(header, parts())) chunks.push(chunk);
  return Buffer.concat(chunks).toString('base64');
}

/** Names what was looked at: the very parts, for this destination. */
function seenOf(site: Site, leaving: LeavingEntry): string {
  const parts = partsOf(leaving);
  return createHash('sha256')
    .update(canonicalJson({ to: destinationOf(site), parts }))
    .digest('hex');
}

function partsOf({ header }: LeavingEntry): Readonly<Record<string, string>> {
  return Object.fromEntries(header.parts.map(({ type, sha256 }) => [type, sha256]));
}

function destinationOf({ settings }: Site): string {
  return settings.upstream === undefined ? '' : new URL(settings.upstream.url).origin;
}

async function decideReviews(site: Site, upward: Upward, params: Params, at: number): Promise<unknown> {
  const ids = listParam(params, 'ids');
  const decision = textParam(params, 'decision') === 'approved' ? 'approved' : 'denied';
  const by = textParam(params, 'by') ?? 'administrator';
  const seen = textParam(params, 'seen');
  if (ids.length === 0)
    throw new ServerError('malformed', 400, 'name the entries by id; `review` lists them');
  if (seen !== undefined && ids.length > 1)
    throw new ServerError('malformed', 400, '--seen is about one entry');
  const without = listParam(params, 'without');
  const examined = await Promise.all(
    ids.map((id) => examine(upward, id, decision === 'approved' ? without : [])),
  );
  for (const each of examined) checkDecidable(site, each, decision, seen);
  for (const { decision: about, leaving } of examined) {
    const parts = decision === 'approved' && leaving ? partsOf(leaving) : {};
    await site.reviews.put(about.entryId, { decision, parts, to: destinationOf(site), by, at });
  }
  return examined.map(({ decision: about, leaving }) => ({
    entryId: about.entryId,
    decision,
    types: decision === 'approved' ? (leaving?.header.parts.map(({ type }) => type) ?? []) : [],
    by,
  }));
}

function checkDecidable(
  site: Site,
  examined: ExaminedEntry,
  decision: string,
  seen: string | undefined,
): void {
  const { entryId } = examined.decision;
  if (decision === 'approved' && !examined.leaving)
    throw new ServerError('conflict', 409, `nothing would leave of ${entryId}: ${examined.why}`);
  if (seen === undefined || !examined.leaving) return;
  if (seen.length >= 8 && seenOf(site, examined.leaving).startsWith(seen)) return;
  throw new ServerError(
    'conflict',
    409,
    `what would leave of ${entryId} is not what you have seen; look again: \`review ${entryId}\``,
  );
}
