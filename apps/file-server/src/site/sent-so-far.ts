import { readLedger, SentSamples } from '@fr/sync';
import { ledgerFile, type Site } from './site.ts';

/** What was sent before: the open ledger's own count, or read anew where the folder is only looked at. */
export async function sentSoFar(site: Site): Promise<SentSamples> {
  if (site.ledger) return site.ledger.sent;
  const sent = new SentSamples();
  for await (const record of readLedger(ledgerFile(site.dir))) sent.note(record);
  return sent;
}
