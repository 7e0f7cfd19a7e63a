import { CONSENT_LEVELS } from '@fr/protocol';
import type { Environment } from '../../host/settings.ts';
import { openSpool, waitingIds } from '../../spool/spool.ts';
import { chooseSpool } from '../configuration.ts';
import { answer, consentNow } from '../consent.ts';
import type { Output } from './output.ts';
import { type CommandLine, UsageError } from './usage.ts';

/** `fr-reporter consent [LEVEL]`: says what may be sent, or sets it, without a terminal. */
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
  const now = consentNow(spool, environment) ?? 'standard';
  const waiting = waitingIds(spool).length;
  output.result({ consent: now, waiting }, [
    now === 'open'
      ? `nobody has answered yet what may be sent: nothing is, and ${waiting} wait`
      : `what may be sent: ${now}; ${waiting} waiting`,
  ]);
  return 0;
}
