/**
 * A model of a site's ledger: records on a simulated disk instead of lines in a file, everything else (what was sent so
 * far, its rebuilding at a start) the real thing. Chain and torn lines are not modelled; their own tests hold them.
 * @module
 */
import { type LedgerEvent, type LedgerRecord, type PassOptions, SentSamples } from '@fr/sync';
import type { Life, Machine } from '../world/machine.ts';

export type SimulatedLedger = PassOptions['ledger'];

/** Opens what lies on the disk, as a start does. One life appends at a time. */
export function openSimulatedLedger(
  machine: Machine,
  life: Life,
  records: LedgerRecord[],
  onRecord: (record: LedgerRecord, all: readonly LedgerRecord[]) => void,
): SimulatedLedger {
  const sent = new SentSamples();
  for (const record of records) sent.note(record);
  let turn: Promise<unknown> = Promise.resolve();
  async function write(event: LedgerEvent): Promise<LedgerRecord> {
    const record = await machine.act(life, `ledger.${event.kind}`, () => {
      const record: LedgerRecord = { seq: records.length + 1, ...event };
      records.push(record);
      onRecord(record, records);
      return record;
    });
    sent.note(record);
    return record;
  }
  return {
    sent,
    append: (event) => {
      const mine = turn.then(() => write(event));
      turn = mine.catch(() => undefined);
      return mine;
    },
  };
}
