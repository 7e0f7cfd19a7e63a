import { CONSENT_LEVELS } from '@fr/protocol';
import type { Environment } from '../../host/settings/settings.ts';
import { openSpool, waitingIds } from '../../spool/spool.ts';
import { chooseSpool } from '../configuration.ts';
import { answer, askWhereOpen, consentNow } from '../consent.ts';
import type { Output } from './output.ts';
import { type CommandLine, UsageError } from './usage.ts';

/** `fr-reporter consent [LEVEL]`: sets what may be sent; without a level asks where that is open, or says it. */
export async function runConsent(
  line: CommandLine,
  environment: Environment,
  output: Output,
): Promise<number> {
  const level = CONSENT_LEVELS.find((known) => known === line.operand);
  if (line.operand !== undefined && !level)
    throw new UsageError(`"${line.operand}" is no level; there are ${CONSENT_LEVELS.join(', ')}`);
  const spool = openSpool(chooseSpool(line.spool, environment));
  if (level) await answer(spool, level, Date.now());
  else await askWhereOpen(spool, environment, line.json);
  const now = consentNow(spool, environment) ?? 'standard';
  const waiting = waitingIds(spool).length;
  output.result({ consent: now, waiting }, [
    now === 'open'
      ? `nobody has answered yet what may be sent: nothing is, and ${waiting} wait`
      : `what may be sent: ${now}; ${waiting} waiting`,
  ]);
  return 0;
}
