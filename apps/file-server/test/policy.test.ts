import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parsePolicy } from '@fr/sync';
import { type ServerProcess, until } from '@fr/test-harness';
import { testFolder } from '@fr/test-harness/in-process';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { frAdmin, frAdminHere, frAdminJson, serveSite } from './support/fr-admin.ts';

// Several processes start in each test; a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000 });

const GOOD = 'version: 1\nrules:\n  - { type: core, action: deny }\n';
const STRICT = 'version: 1\nrules:\n  - { type: stack, action: deny }\n';
const BROKEN = 'version: 1\nrules:\n  - { type: stak, action: deny }\n';

interface View {
  readonly since: number;
  readonly text: string;
  readonly file: { readonly state: string; readonly problems?: readonly { readonly nearest?: string }[] };
  readonly types: readonly { readonly type: string; readonly action: string }[];
  readonly history: readonly { readonly result: string; readonly detail: string }[];
}

async function places(): Promise<{ readonly data: string; readonly file: string }> {
  const folder = await testFolder();
  const file = join(folder, 'policy.yaml');
  await writeFile(file, GOOD);
  return { data: join(folder, 'site'), file };
}

async function served(data: string, file: string): Promise<ServerProcess> {
  const site = await serveSite(['--data', data, '--policy', file]);
  onTestFinished(() => site.kill());
  return site;
}

const view = (data: string): Promise<View> => frAdminJson<View>(['policy', '--data', data]);

describe('a policy file that is saved while the server runs', () => {
  test('is in force within seconds, replaced by rename or written in place, and said', async () => {
    const { data, file } = await places();
    const site = await served(data, file);
    await writeFile(`${file}.new`, STRICT);
    await rename(`${file}.new`, file);
    const after = await until('the new policy', async () => {
      const now = await view(data);
      return now.text === STRICT ? now : undefined;
    });
    expect(after.types.find(({ type }) => type === 'stack')?.action).toBe('deny');
    expect(after.file).toEqual({ state: 'same' });
    expect(site.stderr()).toContain(`policy ${file} is in force now: rules changed\n`);
    await writeFile(file, GOOD);
    await until('the old one again', async () => ((await view(data)).text === GOOD ? true : undefined));
    const metrics = await (await fetch(`${site.url}/metrics`)).text();
    expect(metrics).toContain('fr_outcomes_total{of="policies",outcome="taken",reason=""} 3');
  });

  test.each([
    ['broken', BROKEN, 'did you mean "stack"?'],
    ['empty', '', 'the file is empty'],
    ['gone', undefined, 'cannot be read'],
  ])('%s: the last good one stays in force, which is said once and shown', async (_how, text, words) => {
    const { data, file } = await places();
    const site = await served(data, file);
    const before = await view(data);
    if (text === undefined) await rm(file);
    else await writeFile(file, text);
    await until('a complaint', async () => (site.stderr().includes(words) ? true : undefined));
    process.kill(site.pid, 'SIGHUP');
    const now = await view(data);
    expect([now.text, now.since]).toEqual([GOOD, before.since]);
    expect(now.file.state).toBe(text === undefined ? 'unreadable' : 'broken');
    expect(now.history.map(({ result }) => result)).toEqual(['taken', 'refused']);
    const shown = await frAdminHere(['policy', '--data', data]);
    expect(shown.stdout).toMatch(text === undefined ? /^WRONG: /m : /^NOT IN FORCE: .*broken/m);
    const doctor = await frAdminHere(['doctor', '--data', data]);
    expect([doctor.code, doctor.stdout]).toEqual([
      1,
      expect.stringMatching(/^WRONG the policy file .*last good/m),
    ]);
    const asked = await frAdminHere(['policy', 'reload', '--data', data]);
    expect([asked.code, asked.stderr]).toEqual([1, expect.stringContaining(words)]);
    expect(site.stderr().split(words)).toHaveLength(2);
    // A start on a broken file goes by what was in force; only where nothing ever was does it refuse.
    await site.kill();
    const again = await served(data, file);
    expect((await view(data)).text).toBe(GOOD);
    expect(again.stderr()).toContain(`stays`);
    const fresh = await frAdminHere(['serve', '--port', '0', '--data', `${data}-2`, '--policy', file]);
    expect([fresh.code, fresh.stderr]).toEqual([1, expect.stringContaining(words)]);
  });

  test('`policy reload` takes it at once, and reporters are answered by it', async () => {
    const { data, file } = await places();
    const site = await served(data, file);
    const hit = async (reportId: string): Promise<unknown> => {
      const bucket = {
        program: 'till',
        programVersion: '1',
        module: 'till',
        moduleVersion: '1',
        location: 'a',
      };
      const hits = [{ reportId, bucket, count: 1, outcome: 'fatal', at: Date.now() }];
      const reply = await fetch(`${site.url}/v1/hits`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ protocol: 1, hits }),
      });
      if (reply.status === 204) return [];
      const { demands = [] } = (await reply.json()) as {
        demands?: readonly { terms: { types: readonly { type: string }[] } }[];
      };
      return demands.flatMap(({ terms }) => terms.types.map(({ type }) => type));
    };
    expect(await hit('0195f3c0-0000-7000-8000-000000000001')).toEqual(['stack', 'environment']);
    await writeFile(file, STRICT);
    expect((await frAdminHere(['policy', 'reload', '--data', data])).stdout).toBe(
      'in force now: rules changed\n',
    );
    expect(await hit('0195f3c0-0000-7000-8000-000000000002')).toEqual(['environment']);
    await writeFile(file, 'version: 1\ncollect: off\n');
    await frAdminHere(['policy', 'reload', '--data', data]);
    expect(await hit('0195f3c0-0000-7000-8000-000000000003')).toEqual([]);
  });
});

test('a record that was torn by a crash costs nothing but its date', async () => {
  const { data, file } = await places();
  await (await served(data, file)).stop();
  const record = await readFile(join(data, 'policy.json'), 'utf8');
  await writeFile(join(data, 'policy.json'), record.slice(0, 20));
  await served(data, file);
  expect((await view(data)).text).toBe(GOOD);
});

describe('policy test', () => {
  test('explains a case rule by rule, by the policy in force or by a draft', async () => {
    const { data, file } = await places();
    await served(data, file);
    const asked = ['policy', 'test', '--data', data, '--program', 'till', '--version', '1.4'];
    const size = ['--type', 'core', '--size', '3MB', '--destination', 'https://vendor.example'];
    const shown = await frAdminHere([...asked, ...size]);
    expect(shown.stdout).toContain('core STAYS here: offer: "till" is not listed for https://vendor.example');
    const draft = `${file}.draft`;
    await writeFile(
      draft,
      'version: 1\noffer: [{ program: till }]\nrules:\n  - { type: core, largerThan: 1MB, action: deny }\n',
    );
    const tried = await frAdminHere([...asked, ...size, '--policy', draft]);
    expect(tried.stdout).toMatch(
      /=> decides +rule 1 \(line 4\): deny type core, largerThan 1 MB\n +type is "core".*it has 3 MB/,
    );
    const all = await frAdminJson<{ explanations: readonly object[] }>([...asked, '--policy', draft]);
    expect(all.explanations).toHaveLength(10);
    await writeFile(draft, BROKEN);
    const broken = await frAdminHere([...asked, '--policy', draft]);
    expect([broken.code, broken.stderr]).toEqual([1, expect.stringContaining(`${draft}:3:13:`)]);
  });

  test.each([
    [[], 2, 'say which case'],
    [['--program', 'till', '--size', 'much'], 2, '64KiB'],
    [['--program', 'till', '--type', 'heapsnapshot'], 2, 'did you mean "heap-snapshot"?'],
    [['--program', 'till', '--destination', 'vendor'], 2, 'https://HOST'],
    [['0195f3c0-0000-7000-8000-00000000000f'], 1, 'nothing here is called'],
  ])('%j exits %i', async (words, code, advice) => {
    const { data, file } = await places();
    await (await served(data, file)).stop();
    const ended = await frAdminHere(['policy', 'test', ...words, '--data', data]);
    expect([ended.code, ended.stdout, ended.stderr]).toEqual([code, '', expect.stringContaining(advice)]);
  });
});

test('`policy check` names every mistake of a file and exits 1, without any server; a fine one exits 0', async () => {
  const folder = await testFolder();
  const file = join(folder, 'p.yaml');
  await writeFile(file, 'version: 1\nsend: of\nrules:\n  - { type: stak, action: alow }\n');
  const bad = await frAdmin(['policy', 'check', file]);
  expect([bad.code, bad.stdout.split('\n').map((line) => line.split(' ')[0])]).toEqual([
    1,
    [`${file}:2:7:`, `${file}:4:13:`, `${file}:4:27:`, ''],
  ]);
  await writeFile(
    file,
    'version: 1\noffer: [{ program: till }]\nrules:\n  - { action: deny }\n  - { type: core, action: ask }\n',
  );
  const fine = await frAdmin(['policy', 'check', file]);
  expect([fine.code, fine.stdout]).toEqual([
    0,
    `${file}:5:1: note: rule 2 never decides, it stands behind rule 1\n${file}: fine: 1 offer, 2 rules, 0 redactions\n`,
  ]);
  const json = await frAdminHere(['policy', 'check', `${file}.none`, '--json']);
  expect([json.code, JSON.parse(json.stdout)]).toMatchObject([1, { ok: false }]);
});

test('the policies in the documents are good', async () => {
  const page = await readFile(new URL('../../../docs/policy.md', import.meta.url), 'utf8');
  const blocks = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = '']) => yaml);
  expect(blocks.length).toBeGreaterThan(0);
  for (const yaml of blocks) expect(parsePolicy(yaml)).toHaveProperty('policy');
});
