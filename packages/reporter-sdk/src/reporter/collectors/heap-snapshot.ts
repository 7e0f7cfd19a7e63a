import type { FailureFacts } from '../../spool/failure-facts.ts';
import { snapshotOf } from '../../spool/snapshot-file.ts';
import type { Spool } from '../../spool/spool.ts';
import type { Collected, NotThere } from './collected.ts';

/**
 * The heap snapshot that the host has taken, as it is: the memory of the program cannot be scrubbed. Who asks for it has
 * an administrator's approval, and the program and its user have agreed by name and by the consent level `full`.
 */
export function collectHeapSnapshot(
  { reportId }: FailureFacts,
  spool: Spool,
): Collected | NotThere | undefined {
  const snapshot = snapshotOf(spool, reportId);
  if (snapshot.is === 'not') return { notThere: snapshot.why };
  if (snapshot.is !== 'there') return undefined;
  return { contentType: 'application/json', file: snapshot.file, bytes: snapshot.bytes };
}
