import type { FailureFacts } from '../../spool/failure-facts.ts';
import type { Collected } from './collected.ts';

/** What was thrown, with its stack and its causes; for other failures what is known instead of a stack. */
export function collectStack({ failure }: FailureFacts): Collected {
  const { program: _, programVersion: __, modules, platform, ...what } = failure;
  return { contentType: 'application/json', tree: { ...what, platform, modules } };
}
