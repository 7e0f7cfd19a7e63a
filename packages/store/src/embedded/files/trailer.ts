/**
 * Lines behind an entry's frame, unhashed and growing: first `{"stored":…}` with what the index would otherwise know
 * alone (so that it can be rebuilt), then one `{"receipt":…}` per upload. A line torn by a crash is passed over.
 * @module
 */
import { decodeReceipt, type Receipt } from '@fr/protocol';
import type { Credit } from '../../contract/entries.ts';

export interface Trailer {
  /** Absent when the line is lost: then the file's time stands in. */
  readonly storedAt: number | undefined;
  readonly credits: readonly Credit[];
  readonly receipts: readonly Receipt[];
}

export function printStoredLine(storedAt: number, credits: readonly Credit[]): string {
  return `${JSON.stringify({ stored: { at: storedAt, credits } })}\n`;
}

export function printReceiptLine(receipt: Receipt): string {
  return `${JSON.stringify({ receipt })}\n`;
}

export function parseTrailer(text: string): Trailer {
  let storedAt: number | undefined;
  let credits: readonly Credit[] = [];
  const receipts: Receipt[] = [];
  for (const line of text.split('\n')) {
    const value = parseLine(line);
    const receipt = receiptIn(value.receipt);
    if (receipt) receipts.push(receipt);
    if (typeof value.stored !== 'object' || value.stored === null) continue;
    const stored: { readonly at?: unknown; readonly credits?: unknown } = value.stored;
    if (typeof stored.at === 'number' && Number.isSafeInteger(stored.at)) storedAt = stored.at;
    if (Array.isArray(stored.credits)) credits = stored.credits.filter(isCredit);
  }
  return { storedAt, credits, receipts };
}

function parseLine(line: string): { readonly receipt?: unknown; readonly stored?: unknown } {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function receiptIn(value: unknown): Receipt | undefined {
  if (value === undefined) return undefined;
  try {
    return decodeReceipt(value);
  } catch {
    return undefined;
  }
}

function isCredit(value: unknown): value is Credit {
  if (typeof value !== 'object' || value === null) return false;
  const { demandId, scope, type, limit } = value as Record<string, unknown>;
  return (
    typeof demandId === 'string' &&
    typeof scope === 'string' &&
    typeof type === 'string' &&
    Number.isSafeInteger(limit)
  );
}
