/**
 * Entries under review, at a terminal. What a program wrote is shown byte for byte and cannot steer the terminal:
 * control characters read `\u{1b}`, bytes that are no text are shown in hex.
 * @module
 */
import { printable, printTable } from '@fr/server/command';
import { printBytes } from '@fr/sync';

/** What the verb `review` returns. */
export interface ReviewList {
  readonly review: 'none' | 'entry';
  readonly entries: readonly {
    readonly entryId: string;
    readonly state: string;
    readonly program?: string;
    readonly programVersion?: string;
    readonly name?: string;
    readonly types: readonly string[];
    readonly bytes: number;
    readonly demands: readonly string[];
    readonly reason: string;
    readonly by?: string;
  }[];
}

/** The list of them. */
export function printReviews({ review, entries }: ReviewList): string {
  if (review === 'none') return 'the policy asks for no look at entries (`review: entry` would)';
  if (entries.length === 0) return 'no entry waits for a look';
  const rows = entries.map((entry) => [
    entry.entryId,
    entry.by === undefined ? entry.state : `${entry.state} by ${entry.by}`,
    `${entry.program ?? ''} ${entry.programVersion ?? ''}`,
    entry.name ?? '',
    entry.types.join(', '),
    String(entry.bytes),
    entry.demands.join(', '),
  ]);
  const table = printTable(['entry', 'state', 'program', 'where', 'types', 'bytes #', 'demands'], rows);
  return `${table}\nto look at one: fr-admin review ENTRY; then: fr-admin review approve ENTRY | review deny ENTRY`;
}

interface ShownPart {
  readonly type: string;
  readonly contentType: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly redacted: boolean;
  readonly cut: boolean;
  readonly text?: string;
  readonly base64?: string;
}

/** What the verb `review-show` returns. */
export interface ReviewedEntry {
  readonly entryId: string;
  readonly to: string;
  readonly leaves: boolean;
  readonly why: string;
  readonly asked: readonly {
    readonly demandId: string;
    readonly source: string;
    readonly author: string;
    readonly reason: string;
    readonly approvedBy?: string;
  }[];
  readonly review?: { readonly decision: string; readonly by: string; readonly at: number };
  readonly seen?: string;
  readonly head?: string;
  readonly parts?: readonly ShownPart[];
  /** With `--raw`: all of it, base64. */
  readonly frame?: string;
}

/** One entry: who asked, then everything that would leave. */
export function printReview(entry: ReviewedEntry): string {
  const { entryId, to, leaves, why, asked, review, seen = '', head = '', parts = [] } = entry;
  const lines = [`entry ${entryId} to ${printable(to)}`];
  for (const { demandId, author, reason, approvedBy } of asked) {
    const approved = approvedBy === undefined ? 'allowed by the policy' : `approved by ${approvedBy}`;
    lines.push(printable(`  asked by ${author} (${demandId}, ${approved}): ${reason}`));
  }
  if (review)
    lines.push(printable(`  ${review.decision} by ${review.by}, ${new Date(review.at).toISOString()}`));
  if (!leaves) return [...lines, printable(`nothing would leave of it: ${why}`)].join('\n');
  lines.push('', '── header ──', ...textLines(head.replace(/\n$/, '')));
  for (const part of parts) lines.push('', ...partLines(part));
  return [
    ...lines,
    '',
    `to let exactly this leave: fr-admin review approve ${entryId} --seen ${seen.slice(0, 16)}`,
  ].join('\n');
}

function partLines({
  type,
  contentType,
  bytes,
  redacted,
  cut,
  text,
  base64,
  sha256,
}: ShownPart): readonly string[] {
  const about = [
    contentType,
    printBytes(bytes),
    ...(redacted ? ['redacted by the policy'] : []),
    `sha256 ${sha256.slice(0, 16)}…`,
  ];
  const body = text === undefined ? hexLines(Buffer.from(base64 ?? '', 'base64')) : textLines(text);
  const rest = cut ? [`… cut: ${bytes} bytes in all; \`--raw\` writes them as they are`] : [];
  return [`── ${printable(type)} (${printable(about.join(', '))}) ──`, ...body, ...rest];
}

function textLines(text: string): readonly string[] {
  return text.split('\n').map(printable);
}

/** Hex rows that are shown of what is no text. */
const HEX_ROWS = 64;

function hexLines(bytes: Buffer): readonly string[] {
  const rows = Math.min(HEX_ROWS, Math.ceil(bytes.length / 16));
  const lines = Array.from({ length: rows }, (_, row) => {
    const piece = bytes.subarray(row * 16, row * 16 + 16);
    const hex = piece.toString('hex').replace(/(..)/g, '$1 ');
    const text = piece.toString('latin1').replace(/[^\x20-\x7e]/g, '.');
    return `${(row * 16).toString(16).padStart(8, '0')}  ${hex.padEnd(48)}  ${text}`;
  });
  return rows * 16 < bytes.length ? [...lines, '… `--raw` writes all of it'] : lines;
}
