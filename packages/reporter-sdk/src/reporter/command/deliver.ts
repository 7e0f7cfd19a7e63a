import type { Environment } from '../../host/settings/settings.ts';
import type { SpoolLock } from '../../spool/folder/lock.ts';
import { existingSpool, waitingIds } from '../../spool/spool.ts';
import { chooseSpool, configurationOf, serverUrl } from '../configuration.ts';
import { askWhereOpen, consentNow, obeyNo } from '../consent.ts';
import { deliverAll, type Round } from '../round.ts';
import { serverLink } from '../server-link.ts';
import { startLife } from './life.ts';
import type { Output } from './output.ts';
import type { CommandLine } from './usage.ts';

const UNANSWERED =
  'nobody has answered yet what may be sent, so nothing is; fr-reporter status asks on a terminal, fr-reporter consent LEVEL answers';
// The last attempt is made within about 9 s when nothing listens, and within the life when replies are slow.
const RETRIES = 5;
const RETRIES_BY_HAND = 2;

/** `fr-reporter deliver`: brings what waits to the site. */
export async function runDeliver(
  line: CommandLine,
  environment: Environment,
  output: Output,
): Promise<number> {
  const folder = chooseSpool(line.spool, environment);
  const spool = existingSpool(folder);
  if (!spool) {
    output.result({ settled: 0, dropped: 0, waiting: 0 }, [
      `nothing waits: there is no spool at ${folder} yet`,
    ]);
    return 0;
  }
  const { server, key } = configurationOf(spool, environment);
  const url = serverUrl(server);
  if (!url)
    return output.fail(
      server === '' ? 'no server is known; set FR_SERVER' : `FR_SERVER "${server}" is no http address`,
    );
  if (!line.noWait) await askWhereOpen(spool, environment, line.json);
  const consent = consentNow(spool, environment);
  if (consent === 'open' || consent === 'off') {
    await obeyNo(spool, Date.now());
    const why = consent === 'open' ? UNANSWERED : 'what may be sent is "off": nothing is';
    const waiting = waitingIds(spool).length;
    output.result({ settled: 0, dropped: 0, waiting, why }, [`${waiting} waiting`, why]);
    return waiting > 0 ? 1 : 0;
  }
  let lock: SpoolLock | undefined;
  // Everything on disk is right at any moment, so stopping needs no more than giving the lock back.
  process.once('SIGTERM', () => {
    lock?.release();
    process.exit(143);
  });
  const life = startLife(() => {
    lock?.release();
    process.exit(1);
  });
  const link = serverLink({
    server: url,
    key,
    signal: life.signal,
    retries: line.noWait ? RETRIES : RETRIES_BY_HAND,
  });
  const round = await deliverAll({
    ports: {
      spool,
      server: url,
      key,
      consent,
      link,
      now: Date.now,
      random: Math.random,
      goOn: life.goOn,
    },
    wait: !line.noWait,
    atOnce: line.all || !line.noWait,
    signal: life.signal,
    onLock: (held) => {
      lock = held;
      // Whoever waited for another's end has its own minute.
      if (!line.noWait) life.goOn();
    },
  });
  output.result(round, wordsOf(round, url));
  return round.waiting > 0 ? 1 : 0;
}

function wordsOf({ settled, dropped, waiting, why, heldBy }: Round, server: URL): readonly string[] {
  if (heldBy !== undefined) return [`another fr-reporter (process ${heldBy}) is delivering this spool`];
  return [
    `${settled} settled with ${server.origin}, ${waiting} waiting${dropped > 0 ? `, ${dropped} dropped` : ''}`,
    ...(why === undefined ? [] : [`what waits stays in the spool: ${why}`]),
  ];
}
