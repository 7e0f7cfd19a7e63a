import { accessSync, constants, existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CONSENT_LEVELS } from '@fr/protocol';
import { uuidv7 } from '@fr/protocol/ids';
import { fingerprint, parseToken } from '@fr/protocol/signature';
import { type Environment, isSet } from '../../host/settings.ts';
import { readDrops } from '../../spool/drops.ts';
import { writeDurably } from '../../spool/durable-file.ts';
import { readRetryState } from '../../spool/retry-state.ts';
import { existingSpool, type Spool, waitingIds } from '../../spool/spool.ts';
import { SpoolError } from '../../spool/spool-error.ts';
import { type Configuration, chooseSpool, configurationOf, serverUrl } from '../configuration.ts';
import { type FailureReport, failureReport } from '../failure-report.ts';
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
    spoolCheck,
    checkAddress(configuration.server, url),
    ...(url ? [checkKey(configuration, url)] : []),
    ...(url ? await checkServer(configuration, url, Date.now) : []),
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
  if (!CONSENT_LEVELS.some((level) => level === consent))
    return {
      check,
      ok: false,
      say: `FR_CONSENT "${consent}" is none of ${[...CONSENT_LEVELS, 'ask'].join(', ')}; it counts as off`,
    };
  return consent === 'off'
    ? { check, ok: false, say: 'FR_CONSENT is off; nothing is reported' }
    : { check, ok: true, say: `consent ${consent}` };
}

function checkSpool(folder: string): { readonly check: Check; readonly spool?: Spool } {
  const check = 'spool';
  try {
    const spool = existingSpool(folder);
    if (!spool) return { check: checkPlace(folder) };
    tryToWrite(spool);
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

async function checkServer(
  configuration: Configuration,
  server: URL,
  now: () => number,
): Promise<readonly Check[]> {
  const { key } = configuration;
  const link = serverLink({ server, key, signal: AbortSignal.timeout(PATIENCE_MS), retries: 0 });
  const check = 'server';
  const alive = await link.ping();
  if (alive.kind === 'unavailable') {
    const say = `${server.origin} cannot be reached (${alive.why}); failures wait in the spool`;
    return [{ check, ok: false, say }];
  }
  if (alive.kind === 'rejected') {
    const say = `${server.origin} answers, but is no file server of fr (${alive.status})`;
    return [{ check, ok: false, say }];
  }
  return [
    { check, ok: true, say: `${server.origin} is there` },
    ...(alive.at === undefined ? [] : [checkClock(alive.at, now())]),
    ...(await checkWelcome(link, configuration, now())),
  ];
}

/** Demands and ages are told apart by the clock; an hour is what is forgiven. */
function checkClock(server: number, here: number): Check {
  const check = 'clock';
  const minutes = Math.round(Math.abs(server - here) / 60_000);
  if (minutes < 2) return { check, ok: true, say: 'as the server’s' };
  const say = `${minutes} minutes ${here > server ? 'ahead of' : 'behind'} the server’s`;
  return minutes < 60
    ? { check, ok: true, warning: true, say }
    : {
        check,
        ok: false,
        say: `${say}; what the site asks for is not believed until one of them is set right`,
      };
}

/** Sends a failure of ours, marked as a test: the server answers and counts nothing. */
async function checkWelcome(
  link: ServerLink,
  { key }: Configuration,
  now: number,
): Promise<readonly Check[]> {
  const check = 'server takes hits';
  const answer = await link.testHits([testFailure(now).hit]);
  if (answer.kind === 'unavailable') return [{ check, ok: false, say: answer.why }];
  if (answer.kind === 'rejected') {
    const refused = answer.status === 401 || answer.status === 403;
    const say = refused
      ? 'it refuses the key; ask the administrator for a new one'
      : `it answers ${answer.status} ${answer.code}`;
    return [{ check, ok: false, say }];
  }
  const pinned = parseToken(key)?.fingerprint;
  const yes: Check = { check, ok: true, say: 'yes, it has answered a test failure, and counted nothing' };
  if (answer.key === undefined || pinned === undefined) return [yes];
  return [
    yes,
    fingerprint(answer.key) === pinned
      ? { check: 'site', ok: true, say: 'the server is the one that the key is for' }
      : {
          check: 'site',
          ok: false,
          say: 'the key was issued by another server; what this one asks for is not believed',
        },
  ];
}

function testFailure(now: number): FailureReport {
  return failureReport({
    format: 1,
    reportId: uuidv7({ now: () => now }),
    at: now,
    count: 1,
    outcome: 'handled',
    failure: {
      kind: 'error',
      program: 'fr-doctor',
      programVersion: '',
      error: {
        name: 'Error',
        message: 'a test',
        stack: 'Error: a test\n    at test (/fr-doctor/test.js:1:1)',
      },
    },
    consent: 'count',
    declared: [],
    parts: [],
  });
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

function tryToWrite(spool: Spool): void {
  const probe = join(spool.folder, 'doctor.probe');
  writeDurably(probe, '');
  rmSync(probe, { force: true });
}

/** Where there is no spool yet: whether it could be made. */
function checkPlace(folder: string): Check {
  const check = 'spool';
  const above = nearest(folder);
  try {
    // With the slash only a folder is found.
    accessSync(`${above}/`, constants.W_OK | constants.X_OK);
    return { check, ok: true, say: `${folder} will be made at the first failure` };
  } catch {
    return { check, ok: false, say: `${folder} cannot be made: ${above} may not be written into` };
  }
}

function nearest(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearest(dirname(folder));
}
