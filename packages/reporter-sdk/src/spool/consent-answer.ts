/**
 * What the person at this machine has said to the question what may be sent, for programs that ask (`consent: 'ask'`).
 *
 *     consent.json   made empty by the program when it asks for the first time; the answer is put in its place
 *
 * @module
 */
import { CONSENT_LEVELS, type ConsentLevel } from '@fr/protocol';
import { fs, path } from '../builtin.ts';
import { readOwnJson, writeDurably } from './folder/durable-file.ts';
import type { Spool } from './spool.ts';

const MAX_BYTES = 4 * 1024;

function fileOf(spool: Spool): string {
  return path.join(spool.folder, 'consent.json');
}

/** Leaves the question in the spool, where nobody has. */
export function askQuestion(spool: Spool): void {
  if (!fs.existsSync(fileOf(spool))) writeDurably(fileOf(spool), '{}');
}

/** The answer; `open` where there is none yet, nothing where no program of this spool has asked. */
export function readConsentAnswer(spool: Spool): ConsentLevel | 'open' | undefined {
  if (!fs.existsSync(fileOf(spool))) return undefined;
  const { level } = (readOwnJson(fileOf(spool), MAX_BYTES) ?? {}) as { readonly level?: unknown };
  return CONSENT_LEVELS.find((known) => known === level) ?? 'open';
}

/** Keeps the answer. */
export function keepConsentAnswer(spool: Spool, level: ConsentLevel, at: number): void {
  writeDurably(fileOf(spool), JSON.stringify({ level, at }));
}
