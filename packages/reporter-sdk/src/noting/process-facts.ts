import { programOf } from '../host/settings/program.ts';
import type { Environment } from '../host/settings/settings.ts';
import type { ProcessFacts } from '../spool/failure-facts.ts';

/** The only variables whose values are ever noted. */
const VARIABLES = ['NODE_ENV', 'TZ', 'LANG', 'LC_ALL'];
const MAX_VALUE = 128;

/** What is known about this process at a failure. */
export function processFacts(environment: Environment): ProcessFacts {
  const { rss, heapUsed } = process.memoryUsage();
  const root = programOf(process.argv[1]).folder;
  return {
    pid: process.pid,
    uptimeMs: Math.round(process.uptime() * 1000),
    runtime: `node ${process.versions.node}`,
    ...(root === undefined ? {} : { root }),
    rssBytes: rss,
    heapUsedBytes: heapUsed,
    variables: allowedVariables(environment),
  };
}

/** Those variables of an environment that may be noted. */
export function allowedVariables(environment: Environment): Readonly<Record<string, string>> {
  return Object.fromEntries(
    VARIABLES.flatMap((name) => {
      const value = environment[name];
      return value === undefined ? [] : [[name, value.slice(0, MAX_VALUE)] as const];
    }),
  );
}
