/**
 * `pnpm demo`: the main job as a story. `--keep` leaves the folder and the servers running and says where they are.
 * Exits 0 only if everything was observed.
 * @module
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { explore, invitation, moral, opening, printStep, verdict } from './demo-page.ts';
import { mainJob } from './main-job/main-job.ts';
import { createWorld, type World } from './main-job/world.ts';

const { keep } = parseArgs({ options: { keep: { type: 'boolean', default: false } } }).values;
const dir = await mkdtemp(join(tmpdir(), 'fr-demo-'));
process.stdout.write(opening(dir));
const world = await createWorld(dir, { outlive: keep });
let handedOver = false;
try {
  const seen = await tell(world);
  process.exitCode = seen ? 0 : 1;
  if (keep) {
    const site = await world.handOver();
    handedOver = true;
    process.stdout.write(explore(world, site));
  } else process.stdout.write(invitation());
} finally {
  if (!handedOver) await world.close();
  if (!keep) await rm(dir, { recursive: true, force: true });
}

/** Prints the steps as they happen; stops at the first that was not seen whole. */
async function tell(from: World): Promise<boolean> {
  const started = Date.now();
  let number = 0;
  let seen = true;
  for await (const step of mainJob(from)) {
    number += 1;
    process.stdout.write(printStep(number, step));
    seen = step.observations.every((observation) => observation.seen);
    if (!seen) break;
  }
  process.stdout.write(verdict(seen, Date.now() - started));
  if (seen) process.stdout.write(moral(from));
  return seen;
}
