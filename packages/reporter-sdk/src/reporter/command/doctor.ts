import { CONSENT_LEVELS } from '@fr/protocol';
import { parseToken } from '@fr/protocol/signature';
import { type Environment, isSet } from '../../host/settings.ts';
import { existingSpool, type Spool, waitingIds } from '../../spool/spool.ts';
import { SpoolError } from '../../spool/spool-error.ts';
import { type Configuration, chooseSpool, configurationOf, serverUrl } from '../configuration.ts';
import { type ServerLink, serverLink } from '../server-link.ts';
import { isLoopback } from '../site-trust.ts';
import type { Output } from './output.ts';
import { warningsOf } from './surroundings.ts';
import type { CommandLine } from './usage.ts';

/** One thing that was looked at. `say` tells what to do where it is not well. */
export interface Check {
  readonly check: string;
  readonly ok: boolean;
  readonly say: string;
  /** All is well, but could be better. */
  readonly warning?: true;
}

const PATIENCE_MS = 10_000;

/** `fr-reporter doctor`: would a failure be noted, and would it arrive? Sends nothing but an empty list of hits. */
export async function runDoctor(
  line: CommandLine,
  environment: Environment,
  output: Output,
): Promise<number> {
  const folder = chooseSpool(line.spool, environment);
  const { check: spoolCheck, spool } = checkSpool(folder);
  const configuration = configurationOf(spool ?? { folder }, environment);
  const url = serverUrl(configuration.server);
  const checks = [
    checkSwitch(environment),
    spoolCheck,
    checkAddress(configuration.server, url),
    ...(url ? [checkKey(configuration, url)] : []),
    ...(url ? await checkServer(configuration, url) : []),
    ...warningsOf(folder).map((warning) => ({ ...warning, ok: true, warning: true as const })),
  ];
  const ok = checks.every((check) => check.ok);
  output.result(
    { ok, checks },
    checks.map(
      (check) => `${check.warning ? 'note' : check.ok ? 'ok  ' : 'BAD '} ${check.check}: ${check.say}`,
    ),
  );
  return ok ? 0 : 1;
}

function checkSwitch(environment: Environment): Check {
  const check = 'switched on';
  if (isSet(environment['FR_DISABLED']))
    return { check, ok: false, say: 'FR_DISABLED is set; nothing is reported' };
  const consent = environment['FR_CONSENT'] ?? 'standard';
  if (!CONSENT_LEVELS.some((level) => level === consent))
    return {
      check,
      ok: false,
      say: `FR_CONSENT "${consent}" is none of ${CONSENT_LEVELS.join(', ')}; it counts as off`,
    };
  return consent === 'off'
    ? { check, ok: false, say: 'FR_CONSENT is off; nothing is reported' }
    : { check, ok: true, say: `consent ${consent}` };
}

function checkSpool(folder: string): { readonly check: Check; readonly spool?: Spool } {
  const check = 'spool';
  try {
    const spool = existingSpool(folder);
    if (!spool) return { check: { check, ok: true, say: `${folder} will be made at the first failure` } };
    return { check: { check, ok: true, say: `${folder}, ${waitingIds(spool).length} waiting` }, spool };
  } catch (error) {
    const say = error instanceof SpoolError ? error.message : `${folder} cannot be used: ${String(error)}`;
    return { check: { check, ok: false, say } };
  }
}

function checkAddress(server: string, url: URL | undefined): Check {
  const check = 'server address';
  if (server === '')
    return { check, ok: false, say: "no server is known; set FR_SERVER to the site's file server" };
  return url
    ? { check, ok: true, say: url.origin }
    : { check, ok: false, say: `"${server}" is no http address; set FR_SERVER to one` };
}

function checkKey({ key }: Configuration, url: URL): Check {
  const check = 'key';
  if (key === '')
    return isLoopback(url)
      ? { check, ok: true, say: 'none; the server is on this machine and its key is pinned at first use' }
      : { check, ok: false, say: 'none; without FR_KEY demands of this server are not believed' };
  return parseToken(key)?.prefix === 'frk'
    ? { check, ok: true, say: 'well formed' }
    : { check, ok: false, say: 'FR_KEY is no reporter key (frk_…), or a part of it is missing' };
}

async function checkServer({ key }: Configuration, server: URL): Promise<readonly Check[]> {
  const link = serverLink({ server, key, signal: AbortSignal.timeout(PATIENCE_MS), retries: 0 });
  const alive = await link.ping();
  if (alive.kind === 'unavailable')
    return [
      {
        check: 'server',
        ok: false,
        say: `${server.origin} cannot be reached (${alive.why}); failures wait in the spool`,
      },
    ];
  if (alive.kind === 'rejected')
    return [
      {
        check: 'server',
        ok: false,
        say: `${server.origin} answers, but is no file server of fr (${alive.status})`,
      },
    ];
  return [{ check: 'server', ok: true, say: `${server.origin} is there` }, await checkWelcome(link)];
}

async function checkWelcome(link: ServerLink): Promise<Check> {
  const check = 'server takes hits';
  const answer = await link.postHits([]);
  if (answer.kind === 'taken') return { check, ok: true, say: 'yes' };
  if (answer.kind === 'unavailable') return { check, ok: false, say: answer.why };
  return answer.status === 401 || answer.status === 403
    ? { check, ok: false, say: 'it refuses the key; ask the administrator for a new one' }
    : { check, ok: false, say: `it answers ${answer.status} ${answer.code}` };
}
