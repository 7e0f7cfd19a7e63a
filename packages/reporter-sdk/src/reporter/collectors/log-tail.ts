import type { FailureFacts } from '../../spool/failure-facts.ts';
import { readPart, type Spool } from '../../spool/spool.ts';
import type { Collected } from './collected.ts';

/** The last lines a supervised command wrote on stderr, where its supervisor kept them. */
export function collectLogTail({ parts, reportId }: FailureFacts, spool: Spool): Collected | undefined {
  if (!parts.includes('log-tail')) return undefined;
  const text = readPart(spool, reportId, 'log-tail')?.toString('utf8');
  return text === undefined ? undefined : { contentType: 'text/plain; charset=utf-8', text };
}
