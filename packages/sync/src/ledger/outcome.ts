import type { LedgerEvent, LedgerRecord } from './record.ts';

/** What became of an attempt. `left`: bytes of it that left; default: all that were announced. */
export interface SaidOutcome extends Required<Pick<LedgerEvent, 'at' | 'outcome' | 'reason'>> {
  readonly left?: Pick<LedgerEvent, 'headerBytes' | 'payloadBytes'>;
}

/** The event that follows an attempt in the ledger, under the same demands and digest. */
export function outcomeOf(
  {
    seq,
    to,
    demands,
    digest,
    headerBytes,
    payloadBytes,
  }: Pick<LedgerRecord, 'seq' | 'to' | 'demands' | 'digest' | 'headerBytes' | 'payloadBytes'>,
  { left = { headerBytes, payloadBytes }, ...said }: SaidOutcome,
): LedgerEvent {
  return { kind: 'outcome', outcomeOf: seq, to, demands, digest, ...left, ...said };
}
