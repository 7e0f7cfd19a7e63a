import { execFileSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { bucketId } from '@fr/bucket';
import { uuidv7 } from '@fr/protocol/ids';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Ended, HOSTS, REGISTER, run, runReporter, temporaryFolder, until } from './support/process.ts';
import { demandFor, givesAll, type Site, startSite } from './support/site.ts';
import { bucketOfFacts, leaveFailure, spoolState } from './support/spooled.ts';

let site: Site;
let spool: string;
beforeEach(async () => {
  site = await startSite();
  spool = join(temporaryFolder(), 'spool');
});
afterEach(() => site.close());

const CANARY = 'a canary that sings';

/** What somebody, a broken disk or a newer version may leave where a file of the spool should be. */
const KINDS: Readonly<Record<string, (file: string) => void>> = {
  'a link to a file elsewhere': (file) => {
    writeFileSync(join(spool, '../canary'), CANARY);
    symlinkSync(join(spool, '../canary'), file);
  },
  'a link to nothing': (file) => symlinkSync(join(spool, '../nothing'), file),
  'a pipe': (file) => execFileSync('mkfifo', [file]),
  'a folder with something in it': (file) => mkdirSync(join(file, 'in', 'it'), { recursive: true }),
  'a file of 3 GB': (file) => {
    writeFileSync(file, '{');
    truncateSync(file, 3_000_000_000);
  },
  'a file of another user': (file) => {
    writeFileSync(file, '{}');
    chownSync(file, 65_534, 65_534);
  },
  'an empty file': (file) => writeFileSync(file, ''),
  nothing: (file) => writeFileSync(file, 'null'),
  'an empty object': (file) => writeFileSync(file, '{}'),
  'a list': (file) => writeFileSync(file, '[null, 7, "x", {}]'),
  'an entry of a newer version': (file) =>
    writeFileSync(
      file,
      JSON.stringify({ format: 2, id: 7, life: [], open: 1, read: 'x', drops: [], demands: [{}], grown: 3 }),
    ),
  noise: (file) => writeFileSync(file, Buffer.from([0, 255, 10, 123, 34, 0, 195, 40])),
};

/** The files of a spool, but for those of the failure that waits. */
function places(own: string, bucket: string): readonly string[] {
  const [other, run] = [uuidv7(), uuidv7()];
  return [
    ...[
      `${other}.json`,
      `${own}.stack.part`,
      `${own}.breadcrumbs.part`,
      `${own}.entry`,
      `${other}.entry`,
    ].map((name) => `failures/${name}`),
    ...['heap-snapshot.part', 'heap-snapshot.not', 'heap-snapshot.4194303.tmp', 'json.1-1-x.tmp'].map(
      (name) => `failures/${own}.${name}`,
    ),
    ...[own, other].map((id) => `receipts/${id}.json`),
    `frozen/${other}.json`,
    `demands/${bucket}.json`,
    `answers/${bucket}.json`,
    `drops/${Math.trunc(Date.now() / 86_400_000)}.log`,
    'drops/1.log',
    'drops/told.json',
    ...['json', 'end', 'left', 'tail', 'crumbs'].map((ending) => `runs/${run}.${ending}`),
    'reports/report.20261123.120000.1.0.001.json',
    ...['site-key.json', 'settings.json', 'eviction.json', 'retry.json', 'holder.json'],
    ...['reporter.lock', 'lost.unwritable.3.a-b', 'failures.tmp'],
  ];
}

// Only root can give a file away.
const MAKEABLE = Object.keys(KINDS).filter(
  (kind) => kind !== 'a file of another user' || process.geteuid?.() === 0,
);

it.each(MAKEABLE)(
  'what waits is delivered although there is %s in the place of each file of the spool',
  async (kind) => {
    const facts = leaveFailure(spool, {
      declared: ['stack', 'breadcrumbs', 'heap-snapshot', 'diagnostic-report'],
      consent: 'full',
    });
    const bucket = bucketOfFacts(facts);
    const types = ['stack', 'heap-snapshot', 'breadcrumbs', 'diagnostic-report'];
    site.demands = () => [demandFor(bucket, types, site.key)];
    site.leases = givesAll(1);
    for (const place of places(facts.reportId, bucketId(bucket))) {
      const file = join(spool, place);
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      KINDS[kind]?.(file);
    }
    const env = { FR_SERVER: site.url, FR_KEY: site.token, FR_SPOOL_DIR: spool };
    const said: Ended[] = [];
    for (const command of ['status', 'deliver', 'doctor', 'deliver', 'status'])
      said.push(await runReporter([command], env));
    expect(said.filter(({ code, stderr }) => code !== 0 || stderr !== '')).toEqual([]);
    expect(site.hits.map(({ reportId }) => reportId)).toContain(facts.reportId);
    expect(site.entries[0]?.parts['stack']).toContain('priceOf');
    expect(JSON.stringify([site.hits, site.entries])).not.toContain('sings');
    expect(spoolState(spool).waiting).toEqual([]);
    if (existsSync(join(spool, '../canary')))
      expect(readFileSync(join(spool, '../canary'), 'utf8')).toBe(CANARY);
  },
);

it.each(MAKEABLE)(
  'a program starts and fails as ever although there is %s in the place of each run marker',
  async (kind) => {
    const host = join(HOSTS, 'undefined-property.cjs');
    mkdirSync(join(spool, 'runs'), { recursive: true, mode: 0o700 });
    KINDS[kind]?.(join(spool, 'runs', `${uuidv7()}.json`));
    const bare = await run([host]);
    const env = { FR_SERVER: site.url, FR_KEY: site.token, FR_SPOOL_DIR: spool };
    expect(await run(['--require', REGISTER.replace(/js$/, 'cjs'), host], env)).toEqual(bare);
    await until(() => site.hits.length > 0, 'the hit');
  },
);
