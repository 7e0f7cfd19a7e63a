/**
 * What may be sent now. Where a program asks (`consent: 'ask'`), nothing at all is until the person at the machine has
 * answered; what fails meanwhile waits in the spool. The question is put by fr-reporter, where somebody has called it on a
 * terminal, or by the program in its own way (`onAsk`): its terminal is its own. A no takes out of the spool what waits and what is held.
 * @module
 */
import { createInterface } from 'node:readline/promises';
import { CONSENT_LEVELS, type ConsentLevel } from '@fr/protocol';
import { LEVEL_MEANINGS } from '../consent/level-meanings.ts';
import { consentOf } from '../host/settings/rare-settings.ts';
import type { Environment } from '../host/settings/settings.ts';
import { keepConsentAnswer, readConsentAnswer } from '../spool/consent-answer.ts';
import { waitForLock } from '../spool/folder/lock.ts';
import { listHeld, releaseAll } from '../spool/held.ts';
import { readFailure, type Spool, waitingIds } from '../spool/spool.ts';
import { finishEviction } from './trimming.ts';
import { withdrawFailure } from './withdrawal.ts';

const PATIENCE_MS = 60_000;

/** The level in force; `open` where the question is not answered, nothing where nobody has said anything. */
export function consentNow(spool: Spool, environment: Environment): ConsentLevel | 'open' | undefined {
  const said = environment['FR_CONSENT'] || undefined;
  const answer = readConsentAnswer(spool);
  if (answer === undefined || answer === 'open') {
    if (said === 'ask' || (said === undefined && answer === 'open')) return 'open';
    return said === undefined ? undefined : consentOf(said, undefined);
  }
  return consentOf(answer, said === 'ask' ? undefined : said);
}

/** Puts the question where it is open and somebody sits at a terminal; an empty answer leaves it open. */
export async function askWhereOpen(spool: Spool, environment: Environment, json: boolean): Promise<void> {
  const atTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  if (json || !atTerminal || consentNow(spool, environment) !== 'open') return;
  const levels = CONSENT_LEVELS.map((level) => `  ${level.padEnd(10)}${LEVEL_MEANINGS[level]}`);
  process.stdout.write(
    `A program whose failures wait in ${spool.folder.replace(/[^\x20-\x7e]/g, '?')} asks what may be sent to its site:\n${levels.join('\n')}\n`,
  );
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    for (;;) {
      const said = (await terminal.question('What may be sent? (Enter: ask me later) ')).trim().toLowerCase();
      if (said === '') return;
      const level = CONSENT_LEVELS.find((known) => known === said);
      if (level) return await answer(spool, level, Date.now());
      process.stdout.write(`one of ${CONSENT_LEVELS.join(', ')}, please\n`);
    }
  } finally {
    terminal.close();
  }
}

/** Keeps the answer; a no withdraws what waits. */
export async function answer(spool: Spool, level: ConsentLevel, now: number): Promise<void> {
  keepConsentAnswer(spool, level, now);
  if (level === 'off') await withdrawAll(spool, now);
}

/** After a no that a program has kept, or that was cut short: withdraws what waits. */
export async function obeyNo(spool: Spool, now: number): Promise<void> {
  const isThere = waitingIds(spool).length > 0 || listHeld(spool).length > 0;
  if (readConsentAnswer(spool) === 'off' && isThere) await withdrawAll(spool, now);
}

async function withdrawAll(spool: Spool, now: number): Promise<void> {
  const lock = await waitForLock(spool, AbortSignal.timeout(PATIENCE_MS));
  // Whoever else has it sends nothing of what it has not begun with.
  if ('heldBy' in lock) return;
  try {
    finishEviction(spool, now);
    for (const id of waitingIds(spool)) {
      const facts = readFailure(spool, id);
      if (typeof facts === 'object') withdrawFailure(spool, facts, now);
    }
    releaseAll(spool);
  } finally {
    lock.release();
  }
}
