import { mkdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { type DiskKind, powerCuts, whyNoPowerCuts } from './methods/power-cut.ts';

test.for<DiskKind>(['ext4', 'xfs'])(
  'nothing acknowledged is lost when the power fails under an %s, not even in a bucket just born',
  { timeout: 120_000 },
  async (kind, { skip }) => {
    const dir = temporaryFolder();
    mkdirSync(dir);
    const why = whyNoPowerCuts(kind, dir);
    if (why !== undefined) return skip(why);
    const { cycles, acknowledged } = await powerCuts(kind, { seed: 1, cycles: 10, dir });
    expect(cycles).toBe(10);
    expect(acknowledged).toBeGreaterThan(10);
  },
);
