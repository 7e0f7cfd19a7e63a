import { type ConsentLevel, informationType, levelAllows } from '@fr/protocol';

/** What the program and its user allow. */
export interface Allowance {
  readonly consent: ConsentLevel;
  readonly declared: readonly string[];
}

/** Why an information type is not collected although it is asked for, or nothing where it may be. */
export function forbidden(
  type: string,
  allowance: Allowance,
): 'unknown-type' | 'not-declared' | 'no-consent' | undefined {
  const facts = informationType(type);
  if (!facts) return 'unknown-type';
  if (!allowance.declared.includes(type)) return 'not-declared';
  return levelAllows(allowance.consent, facts.fromLevel) ? undefined : 'no-consent';
}

/** Whether the program has declared the type and its user's consent reaches it. */
export function mayCollect(type: string, allowance: Allowance): boolean {
  return forbidden(type, allowance) === undefined;
}
