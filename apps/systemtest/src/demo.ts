/**
 * `pnpm demo`: the main job as a story. `--keep` leaves the folder and the servers and says where they are.
 * Exits 0 only if everything was observed.
 * @module
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { explore, opening, printStep, verdict } from './demo-page.ts';
import { mainJob } from './main-job/main-job.ts';
import { createWorld } from './main-job/world.ts';

const { values } = parseArgs({ options: { keep: { type: 'boolean', default: false } } });
const started = Date.now();
const dir = await mkdtemp(join(tmpdir(), 'fr-demo-'));
process.stdout.write(opening(dir));
const world = await createWorld(dir);
let seen = true;
try {
  let number = 0;
  for await (const step of mainJob(world)) {
    number += 1;
    process.stdout.write(printStep(number, step));
    seen &&= step.observations.every((observation) => observation.seen);
    if (!seen) break;
  }
  process.stdout.write(verdict(seen, Date.now() - started));
  process.stdout.write(explore(values.keep ? world : undefined));
  if (values.keep) await interrupted();
} finally {
  await world.close();
  if (!values.keep) await rm(dir, { recursive: true, force: true });
}
process.exitCode = seen ? 0 : 1;

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}
