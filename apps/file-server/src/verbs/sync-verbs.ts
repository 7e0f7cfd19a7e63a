import { INFORMATION_TYPES } from '@fr/protocol';
import { flagParam, type Verb } from '@fr/server';
import { ledgerSums, policyRule, readLedger, verifyLedger } from '@fr/sync';
import { ledgerFile, type Site } from '../site/site.ts';
import type { Upward } from '../site/upward.ts';

/** `sync`, `preview`, `policy`, `ledger`: what leaves the building, may leave, and has left. */
export function syncVerbs(site: Site, upward: Upward): readonly Verb[] {
  return [
    { name: 'sync', acts: true, run: () => upward.pass() },
    { name: 'preview', acts: false, run: () => upward.preview() },
    { name: 'policy', acts: false, run: async () => printPolicy(site) },
    {
      name: 'ledger',
      acts: false,
      run: (params) => (flagParam(params, 'verify') ? verifyLedger(ledgerFile(site.dir)) : listLedger(site)),
    },
  ];
}

/** The policy in words: where it is from, what may be named upstream, and what holds for each information type of an ordinary bucket. */
function printPolicy(site: Site): object {
  const { policy, source, text } = site.policy;
  const { upstream } = site.settings;
  const bucket = { program: '*', programVersion: '*', module: '*', moduleVersion: '*', location: '*' };
  return {
    source,
    text,
    destination: upstream === undefined ? null : new URL(upstream.url).origin,
    mayBeNamed: [...(upstream?.programs ?? []), ...policy.offer.map(({ program }) => program)],
    rules: policy.rules,
    types: INFORMATION_TYPES.map((type) => ({ type, ...policyRule(policy, { bucket, type }) })),
  };
}

async function listLedger(site: Site): Promise<object> {
  const records = [];
  for await (const record of readLedger(ledgerFile(site.dir))) records.push(record);
  return { records, sums: await ledgerSums(records) };
}
