import { decodeEntryHeader, describePart, type EntryHeader, printFrame } from '@fr/protocol';
import type { Collection } from './collection.ts';
import type { FailureReport } from './failure-report.ts';

/** An entry as it will travel, and what its header says. */
export interface MadeEntry {
  readonly header: EntryHeader;
  readonly frame: Uint8Array;
}

/** Puts what was collected into one entry. */
export async function makeEntry(
  { facts, bucket }: FailureReport,
  { parts, demands }: Collection,
  entryId: string,
): Promise<MadeEntry> {
  const contents = parts.map(({ type, contentType, content }) => ({
    part: describePart(type, contentType, content),
    content,
  }));
  const header: EntryHeader = {
    entryId,
    reportId: facts.reportId,
    bucket,
    outcome: facts.outcome,
    at: facts.at,
    demands: demands.slice(0, 64),
    parts: contents.map(({ part }) => part),
  };
  return { header, frame: await printFrame(header, contents) };
}

/** The header of an entry kept from an earlier attempt; nothing where it cannot be read. */
export function readEntry(frame: Buffer): MadeEntry | undefined {
  try {
    const start = frame.indexOf(10) + 1;
    const line = frame.subarray(start, frame.indexOf(10, start)).toString('utf8');
    return { header: decodeEntryHeader(JSON.parse(line)), frame };
  } catch {
    return undefined;
  }
}
