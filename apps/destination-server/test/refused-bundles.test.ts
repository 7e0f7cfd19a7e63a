import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newFolder } from '@fr/test-harness';
import { expect, onTestFinished, test } from 'vitest';
import { frDestinationHere, serveVendor } from './support/fr-destination.ts';

test('a bundle that is refused is a line in the outcome counts, by reason', async () => {
  const folder = await newFolder();
  const here = ['--data', folder.path];
  const served = await serveVendor(here);
  onTestFinished(async () => {
    await served.stop();
    await folder.remove();
  });
  const file = join(folder.path, 'brought');
  await writeFile(file, 'fr-bundle 1\nand then nothing');
  for (const brought of [file, file, join(folder.path, 'nowhere')])
    expect((await frDestinationHere(['import', brought, ...here])).code).toBe(1);
  const metrics = await (await fetch(`${served.url}/metrics`)).text();
  expect(metrics).toContain('fr_outcomes_total{of="bundles",outcome="refused",reason="malformed"} 2');
  expect(metrics).toContain('fr_outcomes_total{of="bundles",outcome="refused",reason="unreadable"} 1');
});
