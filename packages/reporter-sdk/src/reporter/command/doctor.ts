import { parseToken } from '@fr/protocol/signature';
import { type Environment, isSet } from '../../host/settings/settings.ts';
import { misreadVariables } from '../../misread.ts';
import { readDrops } from '../../spool/drops.ts';
import { readRetryState } from '../../spool/retry-state.ts';
import type { Spool } from '../../spool/spool.ts';
import { type Configuration, chooseSpool, configurationOf, serverUrl } from '../configuration.ts';
import { isLoopback } from '../site-trust.ts';
import type { Check } from './check.ts';
import { checkServer } from './check-server.ts';
import { checkSpool } from './check-spool.ts';
import type { Output } from './output.ts';
import { warningsOf } from './surroundings.ts';
import type { CommandLine } from './usage.ts';

/** `fr-reporter doctor`: would a failure be noted, and would it arrive? Tries it with one that no site counts. */
export async function runDoctor(
  line: CommandLine,
  environment: Environment,
  output: Output,
): Promise<number> {
  const folder = chooseSpool(line.spool, environment);
  const { check: spoolCheck, spool } = checkSpool(folder);
  const configuration = spool
    ? configurationOf(spool, environment)
    : { server: environment['FR_SERVER'] ?? '', key: environment['FR_KEY'] ?? '' };
  const url = serverUrl(configuration.server);
  const checks = [
    checkSwitch(environment),
    ...checkVariables(environment),
    spoolCheck,
    checkAddress(configuration.server, url),
    ...(url ? [checkKey(configuration, url)] : []),
    ...(url ? await checkServer(configuration, url, spool, Date.now) : []),
    ...(spool ? notesOf(spool, url) : []),
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
  if (consent === 'ask')
    return { check, ok: true, say: 'consent ask: nothing is sent before fr-reporter consent was answered' };
  const [wrong] = misreadVariables({ FR_CONSENT: consent });
  if (wrong !== undefined) return { check, ok: false, say: wrong };
  return consent === 'off'
    ? { check, ok: false, say: 'FR_CONSENT is off; nothing is reported' }
    : { check, ok: true, say: `consent ${consent}` };
}

function checkVariables(environment: Environment): readonly Check[] {
  const others = { ...environment, FR_CONSENT: undefined };
  return misreadVariables(others).map((say) => ({ check: 'settings', ok: false, say }));
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

/** What is not wrong, but good to know. */
function notesOf(spool: Spool, url: URL | undefined): readonly Check[] {
  const drops = Object.entries(readDrops(spool)).map(([reason, count]) => `${count} ${reason}`);
  const retry = readRetryState(spool, url?.origin ?? '');
  const until = retry && new Date(retry.notBefore).toISOString();
  return [
    ...(drops.length > 0 ? [{ check: 'lost so far', say: drops.join(', ') }] : []),
    ...(retry ? [{ check: 'next attempt', say: `not before ${until}, because: ${retry.why}` }] : []),
  ].map((note) => ({ ...note, ok: true, warning: true as const }));
}
