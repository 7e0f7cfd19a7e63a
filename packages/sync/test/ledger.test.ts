import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type ChainedRecord,
  LEDGER_CSV_HEAD,
  type LedgerEvent,
  type LedgerRecord,
  ledgerCsvLine,
  ledgerSums,
  openLedger,
  readLedger,
  verifyLedger,
} from '@fr/sync';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fr-ledger-'));
  file = join(folder, 'ledger.jsonl');
});
afterEach(() => rm(folder, { recursive: true }));

const TO = 'https://vendor.example';
const offer = (headerBytes: number): LedgerEvent => ({
  at: 1,
  kind: 'offer',
  to: TO,
  headerBytes,
  payloadBytes: 0,
  demands: [],
  buckets: [],
  digest: 'sha256:0',
});
const entry = (
  headerBytes: number,
  payloadBytes: number,
  demands: string[],
  entryId = 'e1',
): LedgerEvent => ({
  at: 2,
  kind: 'entry',
  to: TO,
  headerBytes,
  payloadBytes,
  demands,
  buckets: ['b1'],
  entryId,
  types: ['stack'],
  digest: 'sha256:1',
});
const outcome = (
  outcomeOf: number,
  word: 'delivered' | 'failed' | 'unknown',
  headerBytes: number,
  payloadBytes: number,
): LedgerEvent => ({
  at: 3,
  kind: 'outcome',
  to: TO,
  headerBytes,
  payloadBytes,
  demands: [],
  digest: 'sha256:1',
  outcomeOf,
  outcome: word,
});

async function write(events: readonly LedgerEvent[]): Promise<void> {
  const ledger = await openLedger(file);
  for (const event of events) await ledger.append(event);
  await ledger.close();
}

test('records are numbered, chained, kept over a restart and summed by kind and by demand', async () => {
  await write([offer(100), outcome(1, 'delivered', 100, 0), entry(50, 1000, ['d-1', 'd-2'])]);
  await write([outcome(3, 'delivered', 50, 1000), entry(60, 10, ['d-2'], 'e2'), outcome(5, 'failed', 0, 0)]);
  const ledger = await openLedger(file);
  const records: LedgerRecord[] = [];
  for await (const record of ledger.records()) records.push(record);
  expect(records.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(await ledger.verify()).toMatchObject({ ok: true, records: 6, headerBytes: 150, payloadBytes: 1000 });
  expect(await ledgerSums(records)).toEqual({
    offers: { count: 1, headerBytes: 100, payloadBytes: 0 },
    leases: { count: 0, headerBytes: 0, payloadBytes: 0 },
    answers: { count: 0, headerBytes: 0, payloadBytes: 0 },
    entries: { count: 2, headerBytes: 50, payloadBytes: 1000 },
    total: { count: 3, headerBytes: 150, payloadBytes: 1000 },
    byDemand: {
      'd-1': { count: 1, headerBytes: 50, payloadBytes: 1000 },
      'd-2': { count: 2, headerBytes: 50, payloadBytes: 1000 },
    },
  });
  await ledger.close();
});

test('an attempt without an outcome counts as if it had left', async () => {
  await write([offer(100), entry(50, 1000, ['d-1'])]);
  expect(await verifyLedger(file)).toMatchObject({ ok: true, headerBytes: 150, payloadBytes: 1000 });
});

test('appends at the same time form one chain', async () => {
  const ledger = await openLedger(file);
  await Promise.all(Array.from({ length: 20 }, (_, n) => ledger.append(offer(n))));
  expect(await ledger.verify()).toMatchObject({ ok: true, records: 20, headerBytes: 190 });
  await ledger.close();
});

test('no file is an empty ledger that is fine', async () => {
  expect(await verifyLedger(file)).toEqual({ ok: true, records: 0, headerBytes: 0, payloadBytes: 0 });
});

test('wherever a crash cuts the last line, the next opening sets the rest aside and goes on', async () => {
  await write([offer(1), offer(2)]);
  const whole = await readFile(file);
  const start = whole.indexOf(10) + 1;
  for (const cut of [start + 1, start + 40, whole.length - 2, whole.length - 1]) {
    await writeFile(file, whole.subarray(0, cut));
    const ledger = await openLedger(file);
    expect(ledger.setAside).toBe(cut - start);
    await ledger.append(offer(3));
    expect(await ledger.verify()).toMatchObject({ ok: true, records: 2, headerBytes: 4, payloadBytes: 0 });
    await ledger.close();
  }
  expect(await readFile(`${file}.torn`, 'utf8')).toContain('"headerBytes":2');
});

test('blocks of zeros at the end, as a power cut leaves them, are set aside', async () => {
  await write([offer(1)]);
  const whole = await readFile(file);
  await writeFile(file, Buffer.concat([whole, Buffer.alloc(4096), Buffer.from('\n'), Buffer.alloc(10)]));
  const ledger = await openLedger(file);
  expect(ledger.setAside).toBe(4096 + 1 + 10);
  expect(await ledger.verify()).toMatchObject({ ok: true, records: 1 });
  await ledger.close();
});

test('a line altered, removed, doubled or moved is found by its number, and the ledger still opens', async () => {
  await write([offer(1), offer(2), offer(3), offer(4)]);
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  const [a = '', b = '', c = '', d = ''] = lines;
  const cases: readonly (readonly [readonly string[], number])[] = [
    [[a, b.replace('"headerBytes":2', '"headerBytes":1'), c, d], 2],
    [[a, c, d], 2],
    [[b, c, d], 1],
    [[a, b, b, c, d], 3],
    [[a, c, b, d], 2],
    [[a, 'not a record', b, c, d], 2],
    [[a, b, c, d.replace('"headerBytes":4', '"headerBytes":0')], 4],
  ];
  for (const [kept, firstBad] of cases) {
    await writeFile(file, `${kept.join('\n')}\n`);
    expect(await verifyLedger(file)).toMatchObject({ ok: false, firstBad });
    const ledger = await openLedger(file);
    await ledger.append(offer(5));
    expect(await ledger.verify()).toMatchObject({ ok: false, firstBad });
    await ledger.close();
  }
});

test('any single byte of a ledger that changes is noticed', async () => {
  await write([offer(100), entry(50, 1000, ['d-1']), outcome(2, 'delivered', 50, 1000)]);
  const whole = await readFile(file);
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
      const altered = Buffer.from(whole);
      altered[at] = (altered[at] ?? 0) ^ flip;
      await writeFile(file, altered);
      expect((await verifyLedger(file)).ok).toBe(false);
    }),
    { numRuns: 300 },
  );
});

test('after a failed fsync nothing more is taken, not even on a second try', async () => {
  let broken = false;
  const ledger = await openLedger(file, {
    sync: async (handle) => {
      if (broken) throw Object.assign(new Error('disk'), { code: 'EIO' });
      await handle.datasync();
    },
  });
  await ledger.append(offer(1));
  broken = true;
  await expect(ledger.append(offer(2))).rejects.toMatchObject({ code: 'ledger-failed' });
  broken = false;
  await expect(ledger.append(offer(3))).rejects.toMatchObject({ code: 'ledger-failed' });
  await ledger.close();
});

test('a cut exactly behind a line loses that line and nothing else', async () => {
  await write([offer(1), offer(2)]);
  const whole = await readFile(file);
  await truncate(file, whole.indexOf(10) + 1);
  const ledger = await openLedger(file);
  expect([ledger.setAside, (await ledger.append(offer(3))).seq]).toEqual([0, 2]);
  await ledger.close();
});

test('a crash between the copy of a torn line and its cut leaves nothing worse: the next opening does it again', async () => {
  await write([offer(1), offer(2)]);
  const whole = await readFile(file);
  const torn = whole.subarray(0, whole.length - 9);
  await writeFile(file, torn);
  await (await openLedger(file)).close();
  // As if the cut had not reached the disk.
  await writeFile(file, torn);
  const ledger = await openLedger(file);
  await ledger.append(offer(3));
  expect(await ledger.verify()).toMatchObject({ ok: true, records: 2 });
  expect((await readFile(`${file}.torn`, 'utf8')).match(/"headerBytes":2/g)).toHaveLength(2);
  await ledger.close();
});

test('killed at any moment, nothing that was acknowledged is missing and the chain goes on', async () => {
  let acknowledged = 0;
  for (const lines of [1, 7, 30, 2, 60]) {
    acknowledged = Math.max(acknowledged, await appendUntilKilled(lines));
    const ledger = await openLedger(file);
    const check = await ledger.verify();
    expect(check.ok).toBe(true);
    expect(check.records).toBeGreaterThanOrEqual(acknowledged);
    await ledger.close();
  }
  expect(acknowledged).toBeGreaterThan(50);
});

/** Appends in a process of its own until it has acknowledged so many, then kills it; the last number acknowledged. */
async function appendUntilKilled(lines: number): Promise<number> {
  const program = fileURLToPath(new URL('./support/append-for-ever.ts', import.meta.url));
  const child = spawn(process.execPath, ['-C', '@fr/source', program, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += String(chunk);
    if (said.split('\n').length > lines) child.kill('SIGKILL');
  });
  await once(child, 'exit');
  return Number(said.split('\n').at(-2) ?? 0);
}

test('lines cut off at the end are seen by whoever kept the head of an earlier check', async () => {
  await write([offer(1), offer(2), offer(3)]);
  const { head } = await verifyLedger(file);
  expect(head?.seq).toBe(3);
  expect(await verifyLedger(file, { head: head?.hash ?? '' })).toMatchObject({ ok: true, holdsHead: true });
  const whole = await readFile(file, 'utf8');
  await writeFile(file, `${whole.split('\n').slice(0, 2).join('\n')}\n`);
  expect(await verifyLedger(file)).toMatchObject({ ok: true, records: 2 });
  expect(await verifyLedger(file, { head: head?.hash ?? '' })).toMatchObject({ ok: false, holdsHead: false });
});

test('a torn last line is told apart from a broken chain', async () => {
  await write([offer(1), offer(2)]);
  const whole = await readFile(file);
  await writeFile(file, whole.subarray(0, whole.length - 5));
  const second = whole.length - whole.indexOf(10) - 1;
  expect(await verifyLedger(file)).toMatchObject({ ok: false, records: 1, firstBad: 2, torn: second - 5 });
});

test('as CSV every record is one line whose cells are what was recorded, and none is a formula', async () => {
  const text = fc.oneof(fc.string(), fc.constantFrom('=1+1', '-2', 'a,b', '"x"', 'two\nlines'));
  await fc.assert(
    fc.asyncProperty(text, fc.array(text, { maxLength: 2 }), async (why, approvedBy) => {
      await rm(file, { force: true });
      await write([{ ...entry(10, 20, ['d-1']), why, approvedBy }]);
      for await (const record of readLedger(file)) {
        const cells = cellsOf(ledgerCsvLine(record));
        const columns = cellsOf(LEDGER_CSV_HEAD);
        expect(cells).toHaveLength(columns.length);
        const told = cells[columns.indexOf('why')] ?? '';
        expect([why, `'${why}`]).toContain(told);
        expect(cells.some((cell) => /^[=+\-@]/.test(cell))).toBe(false);
        expect(cells[columns.indexOf('hash')]).toBe((record satisfies ChainedRecord).hash);
      }
    }),
    { numRuns: 50 },
  );
});

/** Reads one record of RFC 4180. */
function cellsOf(line: string): readonly string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",\r\n]*))/g)].map(([, quoted, plain = '']) =>
    quoted === undefined ? plain : quoted.replaceAll('""', '"'),
  );
}
