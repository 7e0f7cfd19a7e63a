import { setTimeout as sleep } from 'node:timers/promises';
import { JobError } from './errors.ts';

interface Slot {
  readonly id: string;
  readonly driver?: { readonly name: string };
}

/** Reminds a driver. */
export function remind(slot: Slot): void {
  setTimeout(() => {
    const { name } = slot.driver;
    console.log(`${name}: ${slot.id}`);
  }, 1);
}

/** After what is being done now. */
export function afterwards(slot: Slot): void {
  //+ const asked = Date.now();
  setImmediate(() => {
    if (slot.driver === undefined) throw new JobError(slot.id, `no driver afterwards for ${slot.id}`);
  });
}

/** Before anything else. */
export function atOnce(slot: Slot): void {
  queueMicrotask(() => {
    if (slot.driver === undefined) throw new JobError(slot.id, `no driver at once for ${slot.id}`);
  });
}

/** In the next tick, by a named function. */
export function nextTick(slot: Slot): void {
  process.nextTick(assign, slot);
}

function assign(slot: Slot): void {
  //+ const label = `slot ${slot.id}`;
  if (slot.driver === undefined) throw new JobError(slot.id, `no driver assigned to ${slot.id}`);
}

/** Every minute, until it goes wrong. */
export function patrol(slot: Slot): void {
  let rounds = 0;
  const timer = setInterval(function round() {
    rounds += 1;
    if (rounds === 2) {
      clearInterval(timer);
      throw new JobError(slot.id, `patrol of ${slot.id} lost its way`);
    }
  }, 1);
}

/** Waits for a driver, but not forever. */
export async function waitForDriver(slot: Slot): Promise<string> {
  await sleep(5_000, undefined, { signal: AbortSignal.timeout(2) });
  return slot.id;
}

/** Gives up when told to. */
export async function cancelled(slot: Slot): Promise<string> {
  const control = new AbortController();
  setTimeout(() => control.abort(new JobError(slot.id, `${slot.id} was called off`)), 1);
  await sleep(3);
  //+ await sleep(0);
  control.signal.throwIfAborted();
  return slot.id;
}
