import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { issueToken } from '@fr/protocol/signature';
import { testFolder } from '@fr/test-harness/in-process';
import { describe, expect, test } from 'vitest';
import { frAdmin, frAdminHere, serveSite } from './support/fr-admin.ts';

const TOKEN = issueToken('frs', 'a'.repeat(26));

/** One line on stderr that begins with the command's name, nothing on stdout. */
function expectOneLine({ stdout, stderr }: { stdout: string; stderr: string }): void {
  expect(stderr).toMatch(/^fr-admin: [^\n]+\n$/);
  expect(stdout).toBe('');
}

describe('a slip at the command line', () => {
  test.each([
    [['buckts'], 'did you mean buckets?'],
    [['buckets', '--dta', 'x'], 'did you mean --data?'],
    [['keys', 'lst'], 'did you mean list?'],
    [['show'], "missing required argument 'id'"],
    [['buckets'], '--data DIR'],
    [['serve'], '--data <dir>'],
    [['serve', '--data', 'FOLDER', '--port', '65536'], '--port "65536"'],
    [['serve', '--data', 'FOLDER', '--port', ''], '--port ""'],
    [['serve', '--data', 'FOLDER', '--host', ''], '--host is empty'],
    [['serve', '--data', 'FOLDER', '--log-level', 'loud'], 'silent, error, warn, info, debug'],
    [['serve', '--data', 'FOLDER', '--sync-every', 'often'], 'write 30s, 5m, 2h or never'],
    [['serve', '--data', 'FOLDER', '--upstream', 'http://127.0.0.1:1'], 'fr-destination sites add'],
    [['serve', '--data', 'FOLDER', '--upstream', 'vendor', '--upstream-token', 'TOKEN'], 'http://HOST:PORT'],
    [['serve', '--data', 'FOLDER', '--upstream-token', 'TOKEN'], 'needs --upstream URL'],
    [['serve', '--data', 'FOLDER', '--upstream-program', 'till'], 'needs --upstream URL'],
    [
      ['serve', '--data', 'FOLDER', '--upstream', 'http://127.0.0.1:1', '--upstream-token', 'CUT_TOKEN'],
      'cut off when copied?',
    ],
    [['buckets', '--server', 'elsewhere'], '--server "elsewhere"'],
  ])('%j exits 2, says what to do, and makes nothing', async (words, advice) => {
    const parent = await testFolder();
    const filled: Readonly<Record<string, string>> = {
      FOLDER: join(parent, 'site'),
      TOKEN,
      CUT_TOKEN: TOKEN.slice(0, 40),
    };
    const ended = await frAdminHere(words.map((word) => filled[word] ?? word));
    expectOneLine(ended);
    expect(ended.stderr).toContain(advice);
    expect(ended.code).toBe(2);
    expect(await readdir(parent)).toEqual([]);
  });

  test('as a process of its own it exits with the same codes', async () => {
    const [slip, failure] = await Promise.all([
      frAdmin(['serve', '--port', 'x', '--data', '/nowhere']),
      frAdmin(['buckets', '--data', '/nowhere']),
    ]);
    expect([slip.code, failure.code]).toEqual([2, 1]);
    expectOneLine(slip);
    expectOneLine(failure);
  });

  test('the help shows no token that is in the environment', async () => {
    const env = { FR_UPSTREAM_TOKEN: TOKEN, FR_TOKEN: 'fra_secret' };
    const { stdout } = await frAdminHere(['serve', '--help'], env);
    expect(stdout).toContain('FR_UPSTREAM_TOKEN');
    expect(stdout).not.toContain(TOKEN);
    expect((await frAdminHere(['buckets', '--help'], env)).stdout).not.toContain('fra_secret');
  });
});

describe('a folder that cannot be used', () => {
  test('a file, a folder of something else and no folder are told apart', async () => {
    const parent = await testFolder();
    const file = join(parent, 'file');
    const foreign = join(parent, 'foreign');
    await writeFile(file, 'mine');
    await mkdir(foreign);
    await writeFile(join(foreign, 'letter.txt'), 'mine');
    for (const [words, advice] of [
      [['serve', '--port', '0', '--data', file], 'is a file'],
      [['buckets', '--data', file], 'is a file'],
      [['serve', '--port', '0', '--data', foreign], 'choose an empty folder'],
      [['buckets', '--data', foreign], 'choose an empty folder'],
      [['buckets', '--data', join(parent, 'none')], '`serve --data'],
      [['serve', '--port', '0', '--data', '/sys/fr-site'], 'cannot be used by this user'],
    ] as const) {
      const ended = await frAdminHere(words);
      expectOneLine(ended);
      expect([ended.code, ended.stderr]).toEqual([1, expect.stringContaining(advice)]);
    }
    expect(await readFile(file, 'utf8')).toBe('mine');
    expect(await readdir(foreign)).toEqual(['letter.txt']);
    expect(await readdir(parent)).toEqual(['file', 'foreign']);
  });
});

describe('a start that fails', () => {
  test('leaves the folder free: taken port, strange address, broken policy, then a start that works', async () => {
    const parent = await testFolder();
    const data = join(parent, 'site');
    const policy = join(parent, 'policy.yaml');
    await writeFile(policy, 'version: 1\nrules:\n  - { type: diagnostic-reprt, action: allow }\n');
    const squatter = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => squatter.once('listening', resolve));
    const address = squatter.address();
    const port = String(typeof address === 'object' && address ? address.port : 0);
    for (const [words, advice] of [
      [['--port', port], `port ${port} on 127.0.0.1 is taken`],
      [['--port', '0', '--host', '192.0.2.1'], '"192.0.2.1" is not an address of this machine'],
      [['--port', '0', '--policy', policy], `${policy}:3:13: "diagnostic-reprt"`],
      [['--port', '0', '--policy', policy], 'did you mean "diagnostic-report"?'],
      [['--port', '0', '--policy', join(parent, 'none.yaml')], 'none.yaml cannot be read'],
    ] as const) {
      const ended = await frAdminHere(['serve', '--data', data, ...words]);
      expectOneLine(ended);
      expect([ended.code, ended.stderr]).toEqual([1, expect.stringContaining(advice)]);
    }
    squatter.close();
    const served = await serveSite(['--data', data]);
    const second = await frAdminHere(['serve', '--port', '0', '--data', data]);
    expectOneLine(second);
    expect([second.code, second.stderr]).toEqual([1, expect.stringContaining('is served by process')]);
    expect((await fetch(`${served.url}/health/ready`)).status).toBe(200);
    expect(await served.stop()).toBe(0);
    expect(served.stderr()).toBe('');
  });
});
