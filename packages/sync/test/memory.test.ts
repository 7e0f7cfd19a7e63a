import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const PROGRAM = fileURLToPath(new URL('./support/many-entries.ts', import.meta.url));
const ENTRIES = 50_000;

/** A pass over so many entries with 64 MiB to hold them in. */
function pass(how: 'streamed' | 'held'): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const words = ['--conditions=@fr/source', '--max-old-space-size=64', PROGRAM, String(ENTRIES), how];
  return new Promise((done) => {
    execFile(process.execPath, words, (error, stdout, stderr) => {
      done({ code: error ? (error.code ?? error.signal) : 0, stdout, stderr });
    });
  });
}

test(`a pass over ${ENTRIES} entries gets along with 64 MiB, in which their headers would not fit`, async () => {
  const { code, stdout, stderr } = await pass('streamed');
  expect([code, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout)).toMatchObject({ entries: ENTRIES, uploaded: 2_000 });
  // And were they all held, this test would see it.
  const held = await pass('held');
  expect(held.code).not.toBe(0);
  expect(held.stderr).toContain('heap out of memory');
}, 120_000);
