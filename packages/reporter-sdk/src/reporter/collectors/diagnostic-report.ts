import type { FailureFacts } from '../../spool/failure-facts.ts';
import { readPart, type Spool } from '../../spool/spool.ts';
import type { Collected } from './collected.ts';

/** Node's diagnostic report, where the host was asked to take one. */
export function collectDiagnosticReport(
  { parts, reportId }: FailureFacts,
  spool: Spool,
): Collected | undefined {
  if (!parts.includes('diagnostic-report')) return undefined;
  const content = readPart(spool, reportId, 'diagnostic-report')?.toString('utf8');
  return content === undefined
    ? undefined
    : { contentType: 'application/json', tree: JSON.parse(content) as unknown };
}
