import { mkdirSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { disturb, someCalls } from './methods/nth-call.ts';
import { nativeTool } from './native-tool.ts';

describe('a system call that fails', () => {
  test('breaks no promise, whichever it is and however it fails: a sample of the calls', async ({ skip }) => {
    const dir = temporaryFolder();
    mkdirSync(dir);
    const tool = nativeTool('shim');
    if (typeof tool === 'string') return skip(tool);
    onTestFinished(() => tool.remove());
    const { cycles, touched } = await someCalls({ seed: 1, cycles: 20, dir });
    expect(cycles).toBe(20);
    expect(touched).toBeGreaterThan(5);
  }, 120_000);

  test('while tables are brought forward loses nothing', async ({ skip }) => {
    const dir = temporaryFolder();
    mkdirSync(dir);
    const tool = nativeTool('shim');
    if (typeof tool === 'string') return skip(tool);
    onTestFinished(() => tool.remove());
    for (const [op, mode, at] of [
      ['pwrite', 'before', 3],
      ['pwrite', 'torn', 9],
      ['fsync', 'eio', 2],
    ] as const)
      await disturb(dir, { scenario: 'migration', op, mode, at });
  }, 60_000);

  // Found by the long tier: once "not a store of ours", an error of Node's, and one of SQLite's.
  test.for([1, 2, 3])(
    'while a store opens (open number %i) is an answer of the store',
    async (at, { skip }) => {
      const dir = temporaryFolder();
      mkdirSync(dir);
      const tool = nativeTool('shim');
      if (typeof tool === 'string') return skip(tool);
      onTestFinished(() => tool.remove());
      expect(await disturb(dir, { scenario: 'mark', op: 'open', mode: 'enospc for good', at })).toBe(true);
    },
  );

  // Found by the long tier: the name was taken back, and the drop that could not be synced was in the log all the same.
  test.for([6, 7])(
    'for good while an entry is let go (fsync number %i) does not drop it and keep it',
    async (at, { skip }) => {
      const dir = temporaryFolder();
      mkdirSync(dir);
      const tool = nativeTool('shim');
      if (typeof tool === 'string') return skip(tool);
      onTestFinished(() => tool.remove());
      await disturb(dir, { scenario: 'retention', op: 'fsync', mode: 'eio for good', at });
    },
  );
});
