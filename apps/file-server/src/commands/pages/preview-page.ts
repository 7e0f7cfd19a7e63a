import { bucketName } from '@fr/bucket';
import { printable, printTable } from '@fr/server/command';
import { type LeaseInForce, type PassPreview, printBytes } from '@fr/sync';
import { plural } from '../plural.ts';

/** What the verb `preview` returns. */
export interface PreviewView extends PassPreview {
  readonly unnamed: readonly { readonly program: string; readonly buckets: number; readonly hits: number }[];
  /** Who brings or may collect what is heavy. */
  readonly leases: readonly LeaseInForce[];
}

/** What the next pass would offer, send and leave, with the reason for each thing that stays. Nothing is sent for it. */
export function printPreview(preview: PreviewView): string {
  const { to, switchedOff, bucketCount, decisions, verdicts } = preview;
  const all = Object.values(verdicts).reduce((sum, count) => sum + count, 0);
  if (switchedOff !== undefined)
    return printable(
      `nothing would leave: the policy says "${switchedOff}"; ${plural(all, 'entry waits', 'entries wait')} here`,
    );
  const { upload: goes = 0 } = verdicts;
  const sending = decisions.filter(({ verdict }) => verdict === 'upload');
  const staying = decisions.filter(({ verdict }) => verdict !== 'upload');
  const sections = [
    [offers(preview)],
    sending.length === 0
      ? []
      : [`would be sent to ${printable(to)}:`, sendingTable(sending), ...more(goes - sending.length)],
    staying.length === 0
      ? []
      : ['would stay here:', stayingTable(staying), ...more(all - goes - staying.length)],
    preview.unnamed.length === 0 ? [] : [unnamed(preview)],
    preview.leases.length === 0 ? [] : [leases(preview.leases)],
    [sums(preview, goes, bucketCount)],
  ];
  return sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n');
}

/** What is not shown is said. */
function more(count: number): readonly string[] {
  return count > 0 ? [`… and ${plural(count, 'more that is', 'more that are')} not shown`] : [];
}

function unnamed({ unnamed: all, to }: PreviewView): string {
  const rows = all.map(({ program, buckets, hits }) => [program, String(buckets), String(hits)]);
  const table = printTable(['program', 'buckets #', 'hits #'], rows);
  return `not a word would be said of (not listed for ${printable(to)}):\n${table}`;
}

function leases(all: readonly LeaseInForce[]): string {
  const rows = all.map(({ who, for: purpose, bucketId, type, until, othersFrom }) => [
    'at' in who ? `this site, for ${who.at}` : `${who.key} ${who.holder}`,
    `${purpose === 'collect' ? 'may collect' : 'brings'} ${type}`,
    bucketId,
    new Date(until).toISOString(),
    othersFrom === undefined ? 'now' : new Date(othersFrom).toISOString(),
  ]);
  return `leases in force:\n${printTable(['who', 'what', 'of', 'until', 'others from'], rows)}`;
}

function offers({ to, buckets, bucketCount }: PassPreview): string {
  if (buckets.length === 0)
    return printable(`nothing new would be named to ${to}; it would be asked what it wants`);
  const rows = buckets.map(({ bucket, hits, holds }) => [
    `${bucket.program} ${bucket.programVersion}`,
    bucketName(bucket),
    String(hits),
    holds.map(({ type, count }) => `${count} × ${type}`).join(', '),
  ]);
  const table = printTable(['program', 'where', 'hits #', 'held here'], rows);
  return [`would be named to ${printable(to)}:`, table, ...more(bucketCount - buckets.length)].join('\n');
}

function sendingTable(decisions: PassPreview['decisions']): string {
  const rows = decisions.map(({ entryId, types, redacted, headerBytes, payloadBytes, reason }) => [
    entryId,
    types.map((type) => (redacted.includes(type) ? `${type} (redacted)` : type)).join(', '),
    String(headerBytes + payloadBytes),
    reason,
  ]);
  return printTable(['entry', 'types', 'bytes #', 'because'], rows);
}

function stayingTable(decisions: PassPreview['decisions']): string {
  const rows = decisions.map(({ entryId, verdict, gate, reason }) => [
    entryId,
    gate === 'review' ? 'waits for a look' : (STAYS[verdict] ?? verdict),
    reason,
  ]);
  return printTable(['entry', 'how', 'because'], rows);
}

const STAYS: Readonly<Record<string, string>> = {
  keep: 'kept',
  refuse: 'refused',
  'await-approval': 'waits for approval',
  'ask-to-collect': 'lacks what is asked',
};

function sums({ headerBytes, payloadBytes, to }: PassPreview, entries: number, buckets: number): string {
  const bytes = `${printBytes(headerBytes)} of headers and ${printBytes(payloadBytes)} of payload`;
  return printable(
    `in all ${bytes} for ${plural(buckets, 'bucket')} and ${plural(entries, 'entry', 'entries')}, going by what ${to} asked for last; nothing was sent`,
  );
}
