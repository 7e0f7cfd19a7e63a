import { stat } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { flagParam, type Params, ServerError, textParam, type Verb } from '@fr/server';
import { type ChainedRecord, leasesInForce, ledgerSums, mayOffer, readLedger, verifyLedger } from '@fr/sync';
import { ledgerFile, type Site } from '../site/site.ts';
import type { Upward } from '../site/upward.ts';

/** `sync`, `preview`, `ledger`: what leaves the building, and what has left it. */
export function syncVerbs(site: Site, upward: Upward): readonly Verb[] {
  return [
    { name: 'sync', acts: true, run: () => upward.pass() },
    {
      name: 'preview',
      acts: false,
      run: async () => {
        const preview = await upward.preview();
        const { at, to } = preview;
        const leases = await leasesInForce(site.store.settings, to, at);
        return { ...preview, unnamed: await unnamedPrograms(site), leases };
      },
    },
    {
      name: 'ledger',
      acts: false,
      run: (params) =>
        flagParam(params, 'verify') ? checkLedger(site, textParam(params, 'head')) : listLedger(site, params),
    },
  ];
}

/** Programs that failed here and of which nothing is said to the destination, not even their names. */
async function unnamedPrograms(site: Site): Promise<readonly object[]> {
  const { upstream } = site.settings;
  const to = upstream === undefined ? '' : new URL(upstream.url).origin;
  const unnamed = new Map<string, { buckets: number; hits: number }>();
  for (let after: string | undefined, more = true; more; more = after !== undefined) {
    const page = await site.store.queries.buckets({
      limit: 1_000,
      ...(after === undefined ? {} : { after }),
    });
    for (const { bucket, hits } of page.rows) {
      if (mayOffer(site.policy.policy, bucket.program, to, upstream?.programs ?? [])) continue;
      const known = unnamed.get(bucket.program) ?? { buckets: 0, hits: 0 };
      unnamed.set(bucket.program, { buckets: known.buckets + 1, hits: known.hits + hits });
    }
    after = page.next;
  }
  return [...unnamed].map(([program, counts]) => ({ program, ...counts }));
}

/** How long a line may be in the making before its missing end is a crash's. */
const PAUSE_MS = 300;

async function checkLedger(site: Site, head: string | undefined): Promise<object> {
  const file = ledgerFile(site.dir);
  const expected = head === undefined ? {} : { head };
  let check = await verifyLedger(file, expected);
  if (check.torn !== undefined) {
    // The server may be writing it just now.
    await setTimeout(PAUSE_MS);
    check = await verifyLedger(file, expected);
  }
  const aside = await stat(`${file}.torn`).catch(() => undefined);
  return { ...check, file, ...(aside ? { setAside: { file: `${file}.torn`, bytes: aside.size } } : {}) };
}

/** Records with their sums: those that an entry, a demand or a time picks out, or all. */
async function listLedger(site: Site, params: Params): Promise<object> {
  const [entryId, demandId] = [textParam(params, 'entry'), textParam(params, 'demand')];
  const since = timeParam(params, 'since');
  const picked = new Set<number>();
  const records: ChainedRecord[] = [];
  for await (const record of readLedger(ledgerFile(site.dir))) {
    const fits =
      (entryId === undefined || record.entryId === entryId) &&
      (demandId === undefined || record.demands.includes(demandId)) &&
      record.at >= since;
    // An outcome goes with its attempt, whatever it says itself.
    if (record.kind === 'outcome' ? !picked.has(record.outcomeOf ?? 0) : !fits) continue;
    picked.add(record.seq);
    records.push(record);
  }
  return { records, sums: await ledgerSums(records) };
}

function timeParam(params: Params, name: string): number {
  const text = textParam(params, name);
  if (text === undefined) return Number.NEGATIVE_INFINITY;
  const time = Date.parse(text);
  if (!Number.isNaN(time)) return time;
  throw new ServerError(
    'malformed',
    400,
    `--${name} "${text}" is not a time; write 2026-11-23 or 2026-11-23T14:00Z`,
  );
}
