import { os } from '../../builtin.ts';
import type { FailureFacts } from '../../spool/failure-facts.ts';
import type { Collected } from './collected.ts';

const MIB = 1024 * 1024;

/** The machine and the runtime; no names of machine or user, and only variables that are on the short list. */
export function collectEnvironment({ process: facts }: FailureFacts): Collected {
  return {
    contentType: 'application/json',
    tree: {
      os: { platform: process.platform, release: os().release(), arch: process.arch },
      cpus: os().availableParallelism(),
      memoryMiB: { total: Math.round(os().totalmem() / MIB), free: Math.round(os().freemem() / MIB) },
      uptimeS: {
        machine: Math.round(os().uptime()),
        ...(facts && { program: Math.round(facts.uptimeMs / 1000) }),
      },
      runtime: facts?.runtime,
      programMiB: facts?.rssBytes === undefined ? undefined : { rss: Math.round(facts.rssBytes / MIB) },
      variables: facts?.variables,
    },
  };
}
