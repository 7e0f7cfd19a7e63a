import { os } from '../builtin.ts';

/**
 * How a process ended. `wanted` is an end somebody asked for; `unseen` one that nobody watched; `missed` one of which a
 * guard learned too late, after the parent had asked how it was; `none` is no end at all.
 */
export type Death =
  | { readonly kind: 'left'; readonly code: number }
  | { readonly kind: 'wanted' }
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'signal'; readonly signal: string }
  | { readonly kind: 'unseen' }
  | { readonly kind: 'missed' }
  | { readonly kind: 'none' };

/** Signals by which people and service managers stop a program. */
export const WANTED_SIGNALS: ReadonlySet<string> = new Set(['SIGTERM', 'SIGINT', 'SIGHUP']);
/** Node's own exit code where the main module waits for a promise that nobody will settle. */
const UNSETTLED = 13;

/**
 * What the evidence says: a wait status as text, `gone` or `alive`, from whoever saw the end; nothing where nobody did.
 * `left` tells whether the program said goodbye: then its exit code is its own decision.
 */
export function deathOf(evidence: string | undefined, left: boolean): Death {
  if (evidence === 'alive') return { kind: 'none' };
  const status = evidence === undefined || evidence === 'gone' ? undefined : Number(evidence);
  if (status === undefined || !Number.isSafeInteger(status) || status < 0) {
    if (left) return { kind: 'wanted' };
    return { kind: evidence === 'gone' ? 'missed' : 'unseen' };
  }
  const number = status & 0x7f;
  if (number !== 0) {
    const signal = signalName(number);
    return WANTED_SIGNALS.has(signal) ? { kind: 'wanted' } : { kind: 'signal', signal };
  }
  const code = (status >> 8) & 0xff;
  return code === 0 || (left && code !== UNSETTLED) ? { kind: 'left', code } : { kind: 'exit', code };
}

/** Name of a signal by its number; the number itself for those without a name. */
function signalName(number: number): string {
  const known = Object.entries(os().constants.signals).find(([, value]) => value === number);
  return known?.[0] ?? `SIG${number}`;
}

/** The wait status of an end as Node tells it, for a supervisor that leaves evidence. */
export function waitStatus(code: number | null, signal: NodeJS.Signals | null): number {
  return signal === null ? (code ?? 0) << 8 : os().constants.signals[signal];
}
