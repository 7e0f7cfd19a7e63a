import { type Bucket, bucketId, problemId } from '@fr/bucket';
import { decodeOfferReply } from '@fr/protocol';
import { newFolder, type ServerProcess, type TestFolder } from '@fr/test-harness';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { frDestinationHere, frDestinationJson, serveVendor } from './support/fr-destination.ts';

const BUCKET: Bucket = {
  program: 'till',
  programVersion: '1.0.0',
  module: 'till',
  moduleVersion: '1.0.0',
  location: 'price.js:totalOf',
};
const ID = bucketId(BUCKET);
const LATER: Bucket = { ...BUCKET, programVersion: '1.2.0' };

let folder: TestFolder;
let served: ServerProcess | undefined;
let here: readonly string[] = [];
let token = '';

async function offer(bucket: Bucket, hits: number, origin = '01890a5d-ac96-774b-bcce-b302099a8057') {
  const reply = await fetch(`${served?.url}/v1/offers`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({
      protocol: 1,
      origin: { id: origin, epoch: 1 },
      buckets: [{ bucket, hits, holds: [] }],
    }),
  });
  if (reply.status !== 200) throw new Error(await reply.text());
  const read = decodeOfferReply(await reply.json());
  return { ...read, demands: read.demands ?? [] };
}

beforeAll(async () => {
  folder = await newFolder();
  here = ['--data', folder.path];
  served = await serveVendor(here);
  token = (await frDestinationHere(['sites', 'add', 'north', ...here])).stdout.trim();
  await offer(BUCKET, 4);
});

afterAll(async () => {
  await served?.stop();
  await folder?.remove();
});

const asking = ['--type', 'packages', '--reason', 'which one?'];

describe('a demand with conditions', () => {
  test('asks from so many hits on, of those versions, and says so', async () => {
    const when = ['--when', 'version >=1 <1.1', 'hits >= 10', 'platform linux-*'];
    const made = await frDestinationJson<{ demandId: string }>(['demand', ID, ...asking, ...when, ...here]);
    expect(made).toMatchObject({ when: ['platform linux-*', 'version >=1 <1.1', 'hits >= 10'] });
    const wanted = async (bucket: Bucket, hits: number) =>
      (await offer(bucket, hits)).quotas.some(
        ({ demandId, count }) => demandId === made.demandId && count > 0,
      );
    expect(await wanted(BUCKET, 9)).toBe(false);
    expect(await wanted(BUCKET, 10)).toBe(true);
    await frDestinationJson(['withdraw', made.demandId, ...here]);
  });

  test('that nobody could read is refused', async () => {
    const ended = await frDestinationHere(['demand', ID, ...asking, '--when', 'version >>1', ...here]);
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('no version and no range') });
  });
});

describe('a problem marked as fixed', () => {
  test('is not asked about until a later version has it, and then of that version', async () => {
    const { demandId } = await frDestinationJson<{ demandId: string }>(['demand', ID, ...asking, ...here]);
    const marked = await frDestinationJson(['fix', ID, '--in', '1.1.0', '--by', 'kim', ...here]);
    expect(marked).toMatchObject({
      problemId: problemId(BUCKET),
      state: 'fixed',
      closed: expect.arrayContaining([demandId]),
    });
    expect((await offer(BUCKET, 20)).demands.map(({ terms }) => terms.id)).not.toContain(demandId);
    expect(await frDestinationJson(['fixes', ...here])).toMatchObject([{ state: 'fixed' }]);
    const reply = await offer(LATER, 1);
    const [fix] = await frDestinationJson<{ seenAgain: { demands: string[] } }[]>(['fixes', ...here]);
    expect(fix).toMatchObject({
      state: 'seen again',
      seenAgain: { programVersion: '1.2.0', bucketId: bucketId(LATER) },
    });
    const asked = reply.demands.filter(({ terms }) => fix?.seenAgain.demands.includes(terms.id));
    expect(asked.length).toBeGreaterThan(0);
    expect(asked[0]?.terms.reason).toBe('seen again in 1.2.0, was fixed in 1.1.0: which one?');
    expect(await frDestinationJson(['show', problemId(BUCKET), ...here])).toMatchObject({
      fix: { state: 'seen again' },
    });
  });

  test.each([
    [[ID, '--in', '1.2.0'], 2, 'seen in 1.2.0 already'],
    [[ID, '--in', 'nightly'], 2, 'does not begin with a number'],
    [[ID], 2, '"in" is missing'],
    [[`p${'a'.repeat(26)}`, '--in', '2'], 1, 'no site has offered'],
  ])('is refused where it cannot be: %j', async (words, code, advice) => {
    const ended = await frDestinationHere(['fix', ...words, ...here]);
    expect(ended).toMatchObject({ code, stderr: expect.stringContaining(advice) });
  });

  test('is open again when the mark is taken back', async () => {
    expect(await frDestinationJson(['fix', ID, '--undo', ...here])).toMatchObject({ undone: true });
    expect(await frDestinationHere(['fix', ID, '--undo', ...here])).toMatchObject({ code: 1 });
  });
});
