import { uuidv7 } from '@fr/protocol/ids';
import type { Spool } from '../../spool/spool.ts';
import type { Configuration } from '../configuration.ts';
import { type FailureReport, failureReport } from '../failure-report.ts';
import { type ServerLink, serverLink } from '../server-link.ts';
import { examineSite, type NoTrust } from '../site-trust.ts';
import type { Check } from './check.ts';

/** A reply may take 10 s to begin and 10 s to end, and there are two. */
const PATIENCE_MS = 40_000;

/** Is the server there, is it one of fr, and does it take hits? Sends a test failure, which it counts nowhere. */
export async function checkServer(
  configuration: Configuration,
  server: URL,
  spool: Spool | undefined,
  now: () => number,
): Promise<readonly Check[]> {
  const { key } = configuration;
  const link = serverLink({ server, key, signal: AbortSignal.timeout(PATIENCE_MS), retries: 0 });
  const check = 'server';
  const alive = await link.ping();
  if (alive.kind === 'unavailable') {
    const failing = /^the server answers \d/.test(alive.why);
    const say = failing
      ? `${server.origin} is failing (${alive.why}): its log says why; failures wait in the spool`
      : `${server.origin} cannot be reached (${alive.why}): is it running, are address, proxy and firewall right? Failures wait in the spool`;
    return [{ check, ok: false, say }];
  }
  if (alive.kind === 'rejected')
    return [{ check, ok: false, say: `${server.origin} answers ${alive.status}: ${advice(alive.status)}` }];
  return [
    { check, ok: true, say: `${server.origin} is there` },
    ...(alive.at === undefined ? [] : [checkClock(alive.at, now())]),
    ...(await checkWelcome(link, configuration, { server, spool, now: now() })),
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
  { server, spool, now }: { readonly server: URL; readonly spool: Spool | undefined; readonly now: number },
): Promise<readonly Check[]> {
  const check = 'server takes hits';
  const answer = await link.testHits([testFailure(now).hit]);
  if (answer.kind === 'unavailable')
    return [
      {
        check,
        ok: false,
        say: `${answer.why}; is this a file server of fr, or a login page or proxy before it?`,
      },
    ];
  if (answer.kind === 'rejected') {
    const refused = answer.status === 401 || answer.status === 403;
    const say = refused
      ? 'it refuses the key; ask the administrator for a new one'
      : `it answers ${answer.status} ${answer.code}: ${advice(answer.status)}`;
    return [{ check, ok: false, say }];
  }
  const yes: Check = { check, ok: true, say: 'yes, it has answered a test failure, and counted nothing' };
  const { presented } = answer;
  if (presented === undefined || key === '') return [yes];
  const { followed } = examineSite(spool, server, key, presented);
  return [yes, typeof followed === 'string' ? { check: 'site', ok: false, say: DOUBTS[followed] } : THE_ONE];
}

const THE_ONE: Check = { check: 'site', ok: true, say: 'the server is the one that the key is for' };

const DOUBTS: Readonly<Record<NoTrust, string>> = {
  'foreign-key': 'the key was issued by another server; what this one asks for is not believed',
  'retired-key':
    'the server shows a key that it has replaced (put back to an old backup?); what it asks for is not believed',
  'bad-succession':
    'the server shows a chain of keys that does not lead to its own; what it asks for is not believed',
  'no-key': 'the key is no reporter key; what the server asks for is not believed',
};

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

/** What to do about an answer that no file server would give to a look at its health. */
function advice(status: number): string {
  if (status >= 300 && status < 400)
    return 'it redirects, which fr-reporter does not follow; set FR_SERVER to where it leads';
  if (status === 401 || status === 403 || status === 407)
    return 'something before it wants a login; let the proxy pass it through, or set FR_SERVER to the file server itself';
  return 'it is no file server of fr; set FR_SERVER to one';
}
