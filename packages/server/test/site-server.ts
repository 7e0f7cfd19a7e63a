import { bucketId } from '@fr/bucket';
import { describePart, type EntryHeader, MEDIA_TYPE, printFrame } from '@fr/protocol';
import { uuidv7 } from '@fr/protocol/ids';
import { generateSigningKey, type SigningKey } from '@fr/protocol/signature';
import {
  type Access,
  administration,
  createAccess,
  createReporterDesk,
  createServer,
  entriesIntake,
  type HttpServer,
  hitsIntake,
  leasesIntake,
  operations,
  reporterGuard,
  tokenGuard,
  type Verb,
} from '@fr/server';
import type { Store } from '@fr/store';
import { openMemoryStore } from '@fr/store/memory';
import { createLeaseDesk, DEFAULT_POLICY, type LeaseClocks, type LeaseDesk, type Policy } from '@fr/sync';

const BUCKET = {
  program: 'till',
  programVersion: '1.0.0',
  module: 'till',
  moduleVersion: '1.0.0',
  location: 'price.js:totalOf',
};

export const BUCKET_ID: string = bucketId(BUCKET);

export interface TestSite {
  readonly app: HttpServer;
  readonly store: Store;
  readonly key: SigningKey;
  readonly access: Access;
  readonly leases: LeaseDesk;
}

/** A file server on the shipped memory double. */
export async function testSite(
  verbs: readonly Verb[] = [],
  clocks: LeaseClocks = {},
  policy: Policy = DEFAULT_POLICY,
): Promise<TestSite> {
  const store = openMemoryStore();
  const key = generateSigningKey();
  const access = createAccess({ settings: store.settings, key });
  const app = await createServer({ logLevel: 'silent' });
  const desk = createReporterDesk({
    store,
    key,
    policy,
    programs: ['till'],
    leases: createLeaseDesk(clocks),
  });
  const guard = reporterGuard(access);
  await app.register(hitsIntake, {
    record: (hits, at) => store.hits.record(hits, at),
    recordDrops: (report, at) => store.hits.recordDrops(report, at),
    demandsFor: desk.demandsFor,
    key,
    guard,
  });
  await app.register(entriesIntake, {
    add: (frame, gate, at) => store.entries.add(frame, gate, at),
    gate: desk.gate,
    leases: desk.leases,
    isHeld: async (id) => (await store.entries.read(id)) !== undefined,
    guard,
  });
  await app.register(leasesIntake, { answer: desk.leasesFor, guard });
  await app.register(administration, { verbs, guard: tokenGuard(access, 'fra') });
  await app.register(operations, {
    title: 'test',
    version: '0',
    outcomes: () => store.queries.outcomes(),
    ready: () => true,
  });
  return { app, store, key, access, leases: desk.leases };
}

export function hit(extra: object = {}): object {
  return { reportId: uuidv7(), bucket: BUCKET, count: 1, outcome: 'fatal', at: Date.now(), ...extra };
}

/** A frame with the given parts. */
export async function frame(
  parts: Readonly<Record<string, string>>,
): Promise<{ id: string; body: Buffer; headers: Record<string, string> }> {
  const contents = Object.entries(parts).map(([type, text]) => ({
    part: describePart(type, 'text/plain', Buffer.from(text)),
    content: Buffer.from(text),
  }));
  const header: EntryHeader = {
    entryId: uuidv7(),
    reportId: uuidv7(),
    bucket: BUCKET,
    outcome: 'fatal',
    at: Date.now(),
    demands: ['site-default'],
    parts: contents.map(({ part }) => part),
  };
  const body = Buffer.from(await printFrame(header, contents));
  return {
    id: header.entryId,
    body,
    headers: { 'content-type': MEDIA_TYPE.entry, 'content-length': String(body.length) },
  };
}
