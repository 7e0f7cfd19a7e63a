import { join } from 'node:path';
import { type Bucket, bucketId, problemId } from '@fr/bucket';
import type { SignedAnswer } from '@fr/protocol';
import { generateSigningKey, type SigningKey, signAnswer } from '@fr/protocol/signature';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listAnswers } from '../src/spool/answer-cache.ts';
import { HOSTS, run, runReporter, temporaryFolder } from './support/process.ts';
import { type Site, startSite } from './support/site.ts';
import { leaveFailure } from './support/spooled.ts';

let site: Site;
let spool: string;
beforeEach(async () => {
  site = await startSite();
  spool = join(temporaryFolder(), 'spool');
});
afterEach(() => site.close());

function environment(): Record<string, string> {
  return { FR_SERVER: site.url, FR_KEY: site.token, FR_SPOOL_DIR: spool };
}

function runHost(...args: readonly string[]): ReturnType<typeof run> {
  return run(['-C', '@fr/source', join(HOSTS, 'with-answers.mjs'), ...args], environment());
}

async function deliverOne(): Promise<void> {
  leaveFailure(spool);
  expect(await runReporter(['deliver', '--spool', spool], environment())).toMatchObject({ code: 0 });
}

function answer(about: string, version: number, key: SigningKey, text = 'Use the other till.'): SignedAnswer {
  return signAnswer({ about, version, text, link: 'https://till.example/12', fixedIn: '4.2.2' }, key);
}

function texts(): readonly string[] {
  return listAnswers({ folder: spool }).map(({ text }) => text);
}

describe('an answer of the site', () => {
  it('is told to the program at its next start, once, and by status as long as the site says it', async () => {
    site.answers = (bucket: Bucket) => [answer(bucketId(bucket), 5, site.key)];
    expect(await runHost('fail')).toMatchObject({ code: 0, stdout: '' });
    const told = await runHost();
    expect(told).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(told.stdout)).toMatchObject({
      text: 'Use the other till.',
      link: 'https://till.example/12',
      fixedIn: '4.2.2',
      bucketKey: expect.stringContaining('with-answers'),
    });
    expect(await runHost()).toMatchObject({ code: 0, stdout: '' });
    const { stdout } = await runReporter(['status', '--spool', spool], environment());
    expect(stdout).toContain('Use the other till. (fixed in 4.2.2, https://till.example/12)');
    site.answers = (bucket: Bucket) => [answer(problemId(bucket), 6, site.key, 'Now it is known.')];
    await runHost('fail');
    expect(JSON.parse((await runHost()).stdout)).toMatchObject({ text: 'Now it is known.' });
    site.answers = () => [];
    await runHost('fail');
    expect(texts()).toEqual([]);
  });

  it('is believed only from the pinned key, about the bucket that was reported, and never an older one', async () => {
    const foreign = generateSigningKey();
    site.answers = (bucket) => [
      answer(bucketId(bucket), 5, foreign, 'foreign'),
      answer(bucketId({ ...bucket, location: 'elsewhere' }), 5, site.key, 'other'),
      {
        ...answer(bucketId(bucket), 5, site.key),
        signature: answer(bucketId(bucket), 6, site.key).signature,
      },
      answer(problemId(bucket), 5, site.key, 'good'),
    ];
    await deliverOne();
    expect(texts()).toEqual(['good']);
    site.answers = (bucket) => [answer(problemId(bucket), 4, site.key, 'older')];
    await deliverOne();
    expect(texts()).not.toContain('older');
    site.presents = foreign;
    site.answers = (bucket) => [answer(bucketId(bucket), 9, foreign, 'impostor')];
    await deliverOne();
    expect(texts()).not.toContain('impostor');
  });

  it('cannot steer a terminal', async () => {
    site.answers = (bucket) => [answer(bucketId(bucket), 5, site.key, 'a\u001b]0;owned\u0007b')];
    await deliverOne();
    const { stdout } = await runReporter(['status', '--spool', spool], environment());
    expect(stdout).toContain('a ]0;owned b');
  });
});
