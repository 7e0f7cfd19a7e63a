/**
 * The thread that watches for hangs; started by the host where it asks for that. Looks at a counter which the main thread
 * moves; when it stands still for too long, takes the main thread's stack and notes a failure of kind `hang`, once, until
 * the counter moves again.
 *
 * A process that was stopped, or a machine that slept, is no hang: then this thread has not looked in time either, or
 * the clock on the wall has gone on without ours. A main thread that a debugger holds is none.
 * @module
 */

import { launchReporter } from '../host/launch.ts';
import { placeOf } from '../noting/bucketing.ts';
import { Noting } from '../noting/noting.ts';
import { BreadcrumbRing } from '../trail/breadcrumbs.ts';
import { mainStack } from './main-stack.ts';
import type { HangOrders } from './orders.ts';

const LOOKS_PER_HANG = 10;
const LATE_MS = 500;

const { settings, beats } = process.getBuiltinModule('node:worker_threads').workerData as HangOrders;
const counter = new Int32Array(beats);
const everyMs = Math.max(20, settings.hangAfterMs / LOOKS_PER_HANG);
let seen = Atomics.load(counter, 0);
let movedAt = performance.now();
let lookedAt = { clock: performance.now(), wall: Date.now() };
let reported = false;

setInterval(look, everyMs);

function look(): void {
  const beat = Atomics.load(counter, 0);
  const now = { clock: performance.now(), wall: Date.now() };
  const waited = now.clock - lookedAt.clock;
  const slept = waited > everyMs + LATE_MS || Math.abs(now.wall - lookedAt.wall - waited) > LATE_MS;
  lookedAt = now;
  if (beat !== seen) reported = false;
  if (beat !== seen || slept) {
    seen = beat;
    movedAt = now.clock;
    return;
  }
  const blockedMs = Math.round(now.clock - movedAt);
  if (reported || blockedMs < settings.hangAfterMs) return;
  reported = true;
  void report(blockedMs);
}

async function report(blockedMs: number): Promise<void> {
  try {
    const stack = await mainStack();
    if (stack !== 'paused') noting().noteHang(blockedMs, stack);
  } catch {
    // The spool cannot be used; `fr-reporter doctor` says why.
  }
}

/** A new one each time: hangs are rare, and nothing is to be folded. */
function noting(): Noting {
  return new Noting({
    settings,
    environment: process.env,
    breadcrumbs: new BreadcrumbRing(),
    ownCode: { collectors: {} },
    bucketing: () => ({ placeOf }),
    launch: () => launchReporter(settings, process.env),
    // The report goes at once: whether the program gets over it may take hours to tell.
    life: undefined,
    now: Date.now,
  });
}
