import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bucketId } from '@fr/bucket';
import { describePart, type EntryHeader, type OfferReply, type SignedDemand } from '@fr/protocol';
import { uuidv7 } from '@fr/protocol/ids';
import { generateSigningKey } from '@fr/protocol/signature';
import {
  countHoldings,
  DEFAULT_POLICY,
  DEFAULT_SITE_DEMAND,
  demandsForReporters,
  type Ledger,
  openLedger,
  type PassOptions,
  type Policy,
  parsePolicy,
  runPass,
  siteGate,
} from '@fr/sync';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bucket, decisionOn, demandOf, NOW, VENDOR, vendorKey } from './fixture.ts';
import { hostileDemand, hostileQuotas, randomOf, SECRET } from './hostile-demands.ts';
import { MemorySite } from './memory-site.ts';
import { MemoryVendor, RecordingDestination } from './memory-vendor.ts';

const HARMLESS = ['stack', 'environment'];
const CANARIES = [
  'packages',
  'log-tail',
  'heap-snapshot',
  'core',
  'attachment:canary',
  'attachment:app-log',
  'x-canary',
];

let folder: string;
let ledger: Ledger;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fr-canary-'));
  ledger = await openLedger(join(folder, 'ledger.jsonl'));
});
afterEach(async () => {
  await ledger.close();
  await rm(folder, { recursive: true });
});

/** An entry whose parts above stack and environment, and whose every part for a program not listed, hold a canary. */
function entryOf(where: typeof bucket): {
  readonly header: EntryHeader;
  readonly content: ReadonlyMap<string, Uint8Array>;
} {
  const text = (type: string): string =>
    where === bucket && HARMLESS.includes(type) ? `harmless ${type}` : `CANARY of ${type}`;
  const content = new Map(
    [...HARMLESS, ...CANARIES].map((type) => [type, new TextEncoder().encode(text(type))]),
  );
  const parts = [...content].map(([type, bytes]) => describePart(type, 'text/plain', bytes));
  const header: EntryHeader = {
    entryId: uuidv7(),
    reportId: uuidv7(),
    bucket: where,
    outcome: 'fatal',
    at: NOW,
    demands: [],
    parts,
  };
  return { header, content };
}

/** A site with entries of a listed and of an unlisted program. */
class CanarySite extends MemorySite {
  readonly contents = new Map<string, ReadonlyMap<string, Uint8Array>>();

  refill(): void {
    this.kept.clear();
    for (const where of [bucket, bucket, SECRET]) {
      const { header, content } = entryOf(where);
      this.contents.set(header.entryId, content);
      this.hit(where, header);
    }
  }

  constructor() {
    super();
    this.entries.read = async (entryId) => {
      const entry = this.kept.get(entryId);
      const contents = this.contents.get(entryId);
      if (!entry || !contents) return undefined;
      return {
        entry,
        parts: async function* (types?: readonly string[]) {
          for (const part of entry.header.parts) {
            if (types && !types.includes(part.type)) continue;
            yield { part, content: contents.get(part.type) ?? new Uint8Array() };
          }
        },
      };
    };
  }
}

/** What an obedient reporter would be asked for now, and whether the gate would take a part that holds a canary. */
async function reportersAsked(site: CanarySite, policy: Policy, now: number): Promise<readonly string[]> {
  const asked = [bucket, SECRET].flatMap((where) =>
    demandsForReporters({
      bucket: where,
      siteDefault: DEFAULT_SITE_DEMAND,
      holdings: countHoldings([]),
      demands: site.demandsKept,
      quotas: site.quotasKept.filter((quota) => quota.bucketId === bucketId(where)),
      policy,
      programs: ['shop'],
      key: siteKey,
      now,
    }),
  );
  const gate = siteGate({ store: site, policy, programs: ['shop'], now });
  const { header } = entryOf(bucket);
  const admitted: string[] = [];
  for (const part of header.parts.filter(({ type }) => !HARMLESS.includes(type))) {
    const { admit } = await gate({ ...header, parts: [part] });
    if (admit) admitted.push(part.type);
  }
  return [...asked.flatMap(({ terms }) => terms.types.map(({ type }) => type)), ...admitted];
}

function options(site: CanarySite, destination: RecordingDestination, policy: Policy): PassOptions {
  const programs = ['shop'];
  return {
    store: site,
    destination,
    policy,
    ledger,
    programs,
    pinned: vendorKey.keyId,
    to: VENDOR,
    now: () => NOW,
  };
}

const siteKey = generateSigningKey();
const PASSES = 100;
const DEMANDS = 100;

const LETS_OTHERS = policyOf(`
version: 1
rules:
  - { type: stack, to: "https://*", action: allow }
  - { type: "x-*", to: https://other.example, action: allow }
  - { program: other, action: allow }
`);

test('10,000 hostile demands, seeded, get no byte of a canary out of a site, whose policy lets others have some', async () => {
  const random = randomOf(20_261_123);
  const site = new CanarySite();
  const destination = new RecordingDestination(new MemoryVendor());
  const approved = demandOf([{ type: 'packages', count: 3 }], { id: 'd-approved', version: NOW - 5 });
  const asked = new Set<string>();
  let accepted = 0;
  let number = 0;
  destination.tamper = (reply): OfferReply => {
    const demands: readonly SignedDemand[] = Array.from({ length: DEMANDS }, () =>
      hostileDemand(random, number++),
    );
    return { ...reply, demands, quotas: demands.flatMap(hostileQuotas) };
  };
  for (let pass = 0; pass < PASSES; pass += 1) {
    site.refill();
    // Somebody approved other terms under this id: they cover nothing that comes later.
    site.demandsKept = site.demandsKept.map((stored) =>
      stored.demand.terms.id === 'd-approved' ? { ...stored, approval: decisionOn(approved) } : stored,
    );
    const policy = pass % 2 === 0 ? DEFAULT_POLICY : LETS_OTHERS;
    const summary = await runPass({ ...options(site, destination, policy), now: () => NOW + pass });
    accepted += summary.demands.accepted;
    for (const type of await reportersAsked(site, policy, NOW + pass)) asked.add(type);
  }
  expect(number).toBe(PASSES * DEMANDS);
  // Not because nothing was believed or nothing left.
  expect(accepted).toBeGreaterThan(500);
  const wire = destination.text();
  expect(wire).toContain('harmless stack');
  expect(wire).toContain(bucket.location);
  expect(wire).not.toContain('CANARY');
  expect(wire).not.toContain(SECRET.program);
  expect([...asked].sort()).toEqual(['environment', 'stack']);
  // And were the policy one that allows everything, this test would see it.
  site.refill();
  await runPass(options(site, destination, { ...DEFAULT_POLICY, rules: [{ action: 'allow' }] }));
  expect(Buffer.concat(destination.frames).toString('latin1')).toContain('CANARY');
  // Nor would it miss a name in a message.
  const listing = { ...options(site, destination, DEFAULT_POLICY), programs: ['shop', SECRET.program] };
  await runPass(listing);
  expect(Buffer.concat(destination.messages).toString('latin1')).toContain(SECRET.program);
}, 120_000);

function policyOf(text: string): Policy {
  const parsed = parsePolicy(text);
  if ('error' in parsed) throw new Error(parsed.error.message);
  return parsed.policy;
}
