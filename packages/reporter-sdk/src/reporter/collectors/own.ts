import type { FailureFacts } from '../../spool/failure-facts.ts';
import { readPart, type Spool } from '../../spool/spool.ts';
import type { Collected } from './collected.ts';

/** What the program's own collector gave at the failure, where the host was asked to call it. */
export function collectOwn(
  type: string,
  { parts, reportId }: FailureFacts,
  spool: Spool,
): Collected | undefined {
  if (!parts.includes(type)) return undefined;
  const content = readPart(spool, reportId, type)?.toString('utf8');
  if (content === undefined) return undefined;
  const value: unknown = JSON.parse(content);
  return typeof value === 'string'
    ? { contentType: 'text/plain; charset=utf-8', text: value }
    : { contentType: 'application/json', tree: value };
}
