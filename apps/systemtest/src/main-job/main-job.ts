/**
 * The main job in seven steps, as the demo tells it and the system test holds it. Every step does something with
 * real processes, then looks at what came of it through the commands people use and the recorders on both hops.
 * @module
 */

import { command, type Ended } from '@fr/test-harness';
import { BIN } from '../harness/paths.ts';
import { recordedSums } from '../harness/recording-proxy.ts';
import { type Movement, movementOf, type Observation, observed, partTypes, type Step } from './step.ts';
import { views } from './views.ts';
import type { World } from './world.ts';

type Views = ReturnType<typeof views>;

/** Runs the steps one after the other; each must have been seen whole for the next to make sense. */
export async function* mainJob(world: World): AsyncGenerator<Step> {
  const see = views(world);
  yield await step(world, firstCrash(world, see));
  yield await step(world, firstSync(world, see));
  yield await step(world, demandMore(world, see));
  yield await step(world, approve(world, see));
  yield await step(world, crashElsewhere(world, see));
  yield await step(world, crashAgain(world, see));
  yield await step(world, addUp(world, see));
}

interface Told {
  readonly title: string;
  readonly story: string;
  readonly observations: readonly Observation[];
}

/** Runs one step and collects what travelled meanwhile. */
async function step(world: World, doing: () => Promise<Told>): Promise<Step> {
  const siteBefore = world.siteDoor.requests.length;
  const vendorBefore = world.vendorDoor.requests.length;
  const told = await doing();
  const movements: readonly Movement[] = [
    ...world.siteDoor.requests.slice(siteBefore).map((request) => movementOf('client → site', request)),
    ...world.vendorDoor.requests.slice(vendorBefore).map((request) => movementOf('site → vendor', request)),
  ];
  return { ...told, movements };
}

function firstCrash(world: World, see: Views): () => Promise<Told> {
  return async () => {
    const bare = await world.clientA.crashBare();
    const ended = await world.clientA.crash();
    const buckets = await see.siteBuckets();
    const entries = await see.siteEntries();
    const held = entries.flatMap(({ types }) => types).sort();
    const heard = await see.vendorBuckets();
    return {
      title: 'A program crashes on client A',
      story:
        'The till has a real bug. It dies as it always did; a separate process reports where, about 300 bytes. The site counts it and takes a stack and an environment for itself.',
      observations: [
        sameEnd(bare, ended),
        observed(
          'one bucket with one hit at the site',
          buckets.length === 1 && buckets[0]?.hits === 1,
          buckets,
        ),
        observed('the site holds stack and environment', held.join() === 'environment,stack', held),
        observed('the vendor has heard nothing of it', heard.length === 0, heard),
      ],
    };
  };
}

function sameEnd(bare: Ended, ended: Ended): Observation {
  const same =
    bare.code === ended.code &&
    bare.signal === ended.signal &&
    bare.stderr === ended.stderr &&
    bare.stdout === ended.stdout;
  return observed(`exit code ${bare.code} and stderr are those of bare Node`, same && bare.code !== 0, {
    bare,
    ended,
  });
}

function firstSync(world: World, see: Views): () => Promise<Told> {
  return async () => {
    const before = world.vendorDoor.requests.length;
    const pass = await see.sync();
    const [question, upload] = world.vendorDoor.requests.slice(before);
    const entries = await see.siteEntries();
    const shown = await command(BIN.frAdmin, [
      'show',
      entries[0]?.entryId ?? '',
      '--json',
      '--data',
      world.siteData,
    ]);
    const receipts = (JSON.parse(shown) as { receipts: readonly unknown[] }).receipts;
    const vendorBuckets = await see.vendorBuckets();
    return {
      title: 'The site asks the vendor what it needs',
      story:
        'Buckets and totals go up first, not a byte of payload. The vendor needs one stack of every new bucket; the site sends that one part, keeps the receipt inside the entry and renames it to uploaded.',
      observations: [
        observed(
          'the question went before any payload',
          question?.path === '/v1/offers' && question.payloadBytes === 0,
          question?.path,
        ),
        observed(
          'one upload, and it holds the stack alone',
          pass.uploaded === 1 && upload !== undefined && partTypes(upload.body).join() === 'stack',
          pass,
        ),
        observed(
          'the entry is marked uploaded and holds its receipt',
          entries[0]?.state === 'uploaded' && receipts.length === 1,
          { entries, receipts },
        ),
        observed(
          'the vendor sees the bucket and one entry',
          vendorBuckets.length === 1 && vendorBuckets[0]?.hits === 1,
          vendorBuckets,
        ),
      ],
    };
  };
}

const REASON = 'which coupon codes reach the discount table?';

function demandMore(world: World, see: Views): () => Promise<Told> {
  return async () => {
    const [bucket] = await see.vendorBuckets();
    const words = [
      'demand',
      bucket?.bucketId ?? '',
      '--type',
      'diagnostic-report',
      '--count',
      '1',
      '--reason',
      REASON,
    ];
    await command(BIN.frDestination, [...words, '--data', world.vendorData]);
    const pass = await see.sync();
    const demands = await see.siteDemands();
    const demand = demands.find(({ reason }) => reason === REASON);
    return {
      title: 'The vendor needs one diagnostic report',
      story: `It demands one for this bucket and says why ("${REASON}"). No entry at the site has one: nothing is uploaded, the demand comes down.`,
      observations: [
        observed('nothing was uploaded', pass.uploaded === 0 && pass.payloadBytes === 0, pass),
        observed('the demand is at the site, with its reason', demand !== undefined, demands),
        observed('it waits: this type does not leave by default', demand?.state === 'waiting', demand),
      ],
    };
  };
}

function approve(world: World, see: Views): () => Promise<Told> {
  return async () => {
    const waiting = (await see.siteDemands()).find(({ state }) => state === 'waiting');
    await command(BIN.frAdmin, ['approve', waiting?.demandId ?? '', '--data', world.siteData]);
    const approved = (await see.siteDemands()).find(({ demandId }) => demandId === waiting?.demandId);
    return {
      title: "The site's administrator approves",
      story:
        'Nothing from the network can widen what leaves the building. Only now may reporters be asked for it, once.',
      observations: [observed('the demand is approved', approved?.state === 'approved', approved)],
    };
  };
}

function crashElsewhere(world: World, see: Views): () => Promise<Told> {
  return async () => {
    await world.clientB.crash();
    const afterFirst = await see.siteBuckets();
    const learned = (await world.clientB.status()).demands.length;
    await world.clientB.crash();
    const held = (await see.siteEntries()).filter(({ types }) => types.includes('diagnostic-report'));
    const pass = await see.sync();
    const sent = world.vendorDoor.requests.filter(
      ({ method, body }) => method === 'PUT' && partTypes(body).includes('diagnostic-report'),
    );
    const vendorTypes = (await see.vendorEntries()).flatMap(({ types }) => types).sort();
    const closed = (await see.vendorDemands()).find(({ reason }) => reason === REASON);
    const after = (await see.siteEntries()).filter(({ types }) => types.includes('diagnostic-report'));
    return {
      title: 'The same fault on client B, twice',
      story:
        'Another machine, another install path, the same bucket. The first crash there learns what is wanted, the second brings it, the next pass delivers it, and the demand is met.',
      observations: [
        observed(
          'still one bucket, two hits after the first',
          afterFirst.length === 1 && afterFirst[0]?.hits === 2,
          afterFirst,
        ),
        observed("client B's reporter has learned a demand", learned > 0, learned),
        observed('the second crash brought one diagnostic report', held.length === 1, held),
        observed(
          'it went up once, alone, and is marked',
          pass.uploaded === 1 && sent.length === 1 && after[0]?.state === 'uploaded',
          { pass, after },
        ),
        observed(
          'the vendor holds a stack and a diagnostic report',
          vendorTypes.join() === 'diagnostic-report,stack',
          vendorTypes,
        ),
        observed("the vendor's demand is closed", closed?.state === 'closed', closed),
      ],
    };
  };
}

function crashAgain(world: World, see: Views): () => Promise<Told> {
  return async () => {
    const before = world.siteDoor.requests.length;
    await world.clientA.crash();
    const requests = world.siteDoor.requests.slice(before);
    const [bucket] = await see.siteBuckets();
    return {
      title: 'And again on client A',
      story:
        'Nobody needs more of this fault: it is counted, and that is all. A million crashes more would cost a million counts.',
      observations: [
        observed(
          'one request, one hit, no entry',
          requests.length === 1 && requests[0]?.path === '/v1/hits' && requests[0].status === 204,
          requests.map(({ path, status }) => [path, status]),
        ),
        observed('four hits at the site', bucket?.hits === 4, bucket),
      ],
    };
  };
}

function addUp(world: World, see: Views): () => Promise<Told> {
  return async () => {
    await see.sync();
    const ledger = await see.ledger();
    const recorded = recordedSums(world.vendorDoor.requests);
    const [bucket] = await see.vendorBuckets();
    return {
      title: 'What left the building, to the byte',
      story: `The ledger is written before the bytes go. It says ${ledger.headerBytes} bytes of headers and ${ledger.payloadBytes} of payload; a recorder on the line saw ${recorded.headerBytes} and ${recorded.payloadBytes}.`,
      observations: [
        observed("the ledger's chain holds", ledger.ok, ledger),
        observed('header bytes: ledger and recorder agree', ledger.headerBytes === recorded.headerBytes, {
          ledger,
          recorded,
        }),
        observed(
          'payload bytes: ledger and recorder agree',
          ledger.payloadBytes === recorded.payloadBytes && recorded.payloadBytes > 0,
          { ledger, recorded },
        ),
        observed('the vendor counts what the site counts', bucket?.hits === 4, bucket),
      ],
    };
  };
}
