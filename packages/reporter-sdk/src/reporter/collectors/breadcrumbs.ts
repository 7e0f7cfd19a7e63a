import type { FailureFacts } from '../../spool/failure-facts.ts';
import type { Collected } from './collected.ts';

/** What the program noted on its way, where the host was asked to keep it. */
export function collectBreadcrumbs({ breadcrumbs }: FailureFacts): Collected | undefined {
  return breadcrumbs && { contentType: 'application/json', tree: breadcrumbs };
}
