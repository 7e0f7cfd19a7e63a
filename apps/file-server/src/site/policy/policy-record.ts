/**
 * What a site's folder remembers of its policy:
 *
 *     DIR/policy.json            the policy in force: text, file, since when. A restart goes by it where the file is broken
 *     DIR/policy-history.jsonl   every policy that was taken or refused, appended
 *
 * Both may be missing or torn: the record is then read from the file again, a torn line of the history is passed over.
 * @module
 */
import { appendFile, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { CountedOutcome } from '@fr/server';

/** The policy in force. */
export interface PolicyRecord {
  /** The file it was read from. */
  readonly source: string;
  readonly text: string;
  /** Since when it is in force, milliseconds since 1970. */
  readonly since: number;
}

/** One change, or one attempt at it. */
export interface PolicyEvent {
  readonly at: number;
  readonly source: string;
  readonly result: 'taken' | 'refused';
  /** Names of what is new in it, or why it was refused. */
  readonly detail: string;
}

/** The record last written for this file, or nothing. */
export async function readRecord(dir: string, source: string): Promise<PolicyRecord | undefined> {
  try {
    const value = JSON.parse(await readFile(join(dir, 'policy.json'), 'utf8')) as Partial<PolicyRecord>;
    const { text, since } = value;
    if (value.source !== source || typeof text !== 'string' || typeof since !== 'number') return undefined;
    return { source, text, since };
  } catch {
    return undefined;
  }
}

/** Replaces the record; durable when it resolves. */
export async function writeRecord(dir: string, record: PolicyRecord): Promise<void> {
  const path = join(dir, 'policy.json');
  const handle = await open(`${path}.tmp`, 'w', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(record)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${path}.tmp`, path);
}

/** Adds to the history. */
export async function noteEvent(dir: string, event: PolicyEvent): Promise<void> {
  await appendFile(join(dir, 'policy-history.jsonl'), `${JSON.stringify(event)}\n`, {
    mode: 0o600,
    flush: true,
  });
}

/** The whole history, oldest first. */
export async function readHistory(dir: string): Promise<readonly PolicyEvent[]> {
  const text = await readFile(join(dir, 'policy-history.jsonl'), 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as PolicyEvent];
    } catch {
      return [];
    }
  });
}

/** How many policies were taken and how many refused, beside the store's counts. */
export async function policyOutcomes(dir: string): Promise<readonly CountedOutcome[]> {
  const history = await readHistory(dir);
  return (['taken', 'refused'] as const).map((outcome) => ({
    of: 'policies',
    outcome,
    reason: '',
    count: history.filter(({ result }) => result === outcome).length,
  }));
}
