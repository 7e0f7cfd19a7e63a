/**
 * The question what may be sent, put by the program itself (`consent: 'ask'` with `onAsk`): a window, a page, a prompt of
 * its own. It is put at a start, where nobody has answered yet and something waits for the answer; the program's terminal
 * is never touched. What the person has said is kept in the spool, and fr-reporter acts on it.
 * @module
 */
import { CONSENT_LEVELS, type ConsentLevel } from '@fr/protocol';
import { keepConsentAnswer, readConsentAnswer } from '../spool/consent-answer.ts';
import { type Spool, waitingIds } from '../spool/spool.ts';
import { LEVEL_MEANINGS } from './level-meanings.ts';

/** What a program needs to know to ask the person in front of it. */
export interface ConsentQuestion {
  readonly program: string;
  /** Where it would be sent. */
  readonly server: string;
  /** Failures that wait for the answer. */
  readonly waiting: number;
  /** The levels from nothing to everything, and what each lets leave the machine. */
  readonly levels: readonly { readonly level: ConsentLevel; readonly meaning: string }[];
}

/** Gives the level the person has chosen, now or later; anything else leaves the question open until the next start. */
export type AskPerson = (question: ConsentQuestion) => unknown;

/** Puts the question, where it is open and something waits. `answered` is called after an answer was kept. */
export async function putQuestion(
  spool: Spool,
  onAsk: AskPerson,
  { program, server }: Pick<ConsentQuestion, 'program' | 'server'>,
  answered: () => void,
): Promise<void> {
  const waiting = readConsentAnswer(spool) === 'open' ? waitingIds(spool).length : 0;
  if (waiting === 0) return;
  const levels = CONSENT_LEVELS.map((level) => ({ level, meaning: LEVEL_MEANINGS[level] }));
  const said = await onAsk({ program, server, waiting, levels });
  const chosen = CONSENT_LEVELS.find((level) => level === said);
  if (chosen === undefined) return;
  keepConsentAnswer(spool, chosen, Date.now());
  answered();
}
