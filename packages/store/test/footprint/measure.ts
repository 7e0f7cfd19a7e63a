/**
 * What a folder weighs after hits in buckets whose demands are met: every bucket has the two samples a site asks for
 * (one of them uploaded) and has been sent a few more than are kept.
 * @module
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describePart, type PartContent, printFrame } from '@fr/protocol';
import { uuidv7 } from '@fr/protocol/ids';
import { SITE_LIMITS, type Store } from '@fr/store';
import { openEmbeddedStore } from '@fr/store/embedded';
import { admit, bucketNamed, chunksOf, hitOn, RECEIPT } from '../support/material.ts';

export interface Footprint {
  readonly hits: number;
  readonly buckets: number;
  /** Blocks on the disk, in bytes, as `du` counts: of all after the last hit, when it has rested, and closed; of the database and the entries. */
  readonly open: number;
  readonly rested: number;
  readonly closed: number;
  readonly database: number;
  readonly entries: number;
}

/** Samples of a stack and an environment as the reporter makes them, about 3 KB. */
const SAMPLES = 2;
const CALL = 1_000;

export async function measureFootprint(
  dir: string,
  hits: number,
  buckets: number,
  options: { readonly restMs?: number; readonly reserveBytes?: number } = {},
): Promise<Footprint> {
  const { restMs = 0, ...kept } = options;
  const store = await openEmbeddedStore({ dir, retention: SITE_LIMITS, ...kept });
  for (let n = 0; n < buckets; n++) await meetDemands(store, n);
  for (let at = 0; at < hits; at += CALL) {
    const call = Array.from({ length: Math.min(CALL, hits - at) }, (_, n) =>
      hitOn(bucketNamed(`b${(at + n) % buckets}`), { reportId: uuidv7() }),
    );
    await store.hits.record(call, Date.now());
  }
  await store.entries.retain(SITE_LIMITS, Date.now());
  const open = blocksBelow(dir);
  await sleep(restMs);
  const rested = blocksBelow(dir);
  await store.close();
  const database = blocksOf(join(dir, 'store.sqlite'));
  return {
    hits,
    buckets,
    open,
    rested,
    closed: blocksBelow(dir),
    database,
    entries: blocksBelow(join(dir, 'entries')),
  };
}

async function meetDemands(store: Store, n: number): Promise<void> {
  for (let sample = 0; sample < SAMPLES; sample++) {
    const texts = { stack: `${sample}`.repeat(1_500), environment: `${n}`.repeat(300) };
    const contents = Object.entries(texts).map(([type, text]): PartContent => {
      const content = Buffer.from(text);
      return { part: describePart(type, 'text/plain', content), content };
    });
    const header = {
      entryId: uuidv7(),
      reportId: uuidv7(),
      bucket: bucketNamed(`b${n}`),
      outcome: 'fatal' as const,
      at: Date.now(),
      demands: [],
      parts: contents.map(({ part }) => part),
    };
    await store.entries.add(chunksOf(await printFrame(header, contents)), admit, Date.now());
    if (sample === 0) await store.entries.mark(header.entryId, RECEIPT);
  }
}

function blocksBelow(dir: string): number {
  const below = readdirSync(dir, { recursive: true }).map((name) => blocksOf(join(dir, String(name))));
  return below.reduce((sum, bytes) => sum + bytes, blocksOf(dir));
}

function blocksOf(path: string): number {
  return (statSync(path, { throwIfNoEntry: false })?.blocks ?? 0) * 512;
}
