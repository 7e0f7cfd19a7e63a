import { flagParam, type Verb } from '@fr/server';
import { ledgerSums, readLedger, verifyLedger } from '@fr/sync';
import { ledgerFile, type Site } from '../site/site.ts';
import type { Upward } from '../site/upward.ts';

/** `sync`, `preview`, `ledger`: what leaves the building, and what has left it. */
export function syncVerbs(site: Site, upward: Upward): readonly Verb[] {
  return [
    { name: 'sync', acts: true, run: () => upward.pass() },
    { name: 'preview', acts: false, run: () => upward.preview() },
    {
      name: 'ledger',
      acts: false,
      run: (params) => (flagParam(params, 'verify') ? verifyLedger(ledgerFile(site.dir)) : listLedger(site)),
    },
  ];
}

async function listLedger(site: Site): Promise<object> {
  const records = [];
  for await (const record of readLedger(ledgerFile(site.dir))) records.push(record);
  return { records, sums: await ledgerSums(records) };
}
