import { type LedgerRecord, SentSamples } from '@fr/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { VENDOR } from './fixture.ts';

const DAY = 24 * 60 * 60 * 1_000;

test('what left since a time of the last day is the sum of what began then or later, settled or not', () => {
  const steps = fc.array(
    fc.record({
      later: fc.nat({ max: 4_000_000 }),
      bytes: fc.nat({ max: 9_999 }),
      left: fc.option(fc.nat({ max: 9_999 })),
    }),
    { maxLength: 80 },
  );
  fc.assert(
    fc.property(steps, fc.nat({ max: DAY - 1 }), (attempts, back) => {
      const sent = new SentSamples();
      const all: { readonly at: number; readonly bytes: number }[] = [];
      let now = 1_790_000_000_000;
      for (const [seq, { later, bytes, left }] of attempts.entries()) {
        now += later;
        sent.note(recordOf({ seq: 2 * seq, kind: 'offer', at: now, payloadBytes: bytes }));
        if (left !== null)
          sent.note(
            recordOf({ seq: 2 * seq + 1, kind: 'outcome', at: now, payloadBytes: left, outcomeOf: 2 * seq }),
          );
        all.push({ at: now, bytes: left ?? bytes });
      }
      const since = now - back;
      const sum = all.filter(({ at }) => at >= since).reduce((total, { bytes }) => total + bytes, 0);
      expect(sent.bytesSince(since)).toBe(sum);
    }),
  );
});

function recordOf(
  more: Pick<LedgerRecord, 'seq' | 'kind' | 'at' | 'payloadBytes'> & { readonly outcomeOf?: number },
): LedgerRecord {
  return { to: VENDOR, demands: [], digest: '', headerBytes: 0, ...more } as LedgerRecord;
}
