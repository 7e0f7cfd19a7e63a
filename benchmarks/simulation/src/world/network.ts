/**
 * Requests between machines: lost, late, twice, out of order, broken off in the middle; replies too. Whoever asks waits
 * for a while. A copy that is late arrives all the same, when nobody waits for it any more.
 * @module
 */
import type { Machine } from './machine.ts';
import type { World } from './world.ts';

/** `not-reached`: not a byte left. `no-reply`: it may or may not have arrived. */
export type Silence = 'not-reached' | 'no-reply';
export type Reply<T> = { readonly value: T } | { readonly silence: Silence };

/** From where to where, and how long the asker waits. */
export interface Link {
  readonly from: string;
  readonly to: Machine;
  readonly patienceMs?: number;
}

const PATIENCE_MS = 30_000;
const LATE_MS = 10 * 60_000;

/** One request. `leave`: its bytes leave. `arrive`: runs at the other machine for each copy that gets there. */
export async function request<T>(
  world: World,
  { from, to, patienceMs = PATIENCE_MS }: Link,
  leave: () => void | Promise<void>,
  arrive: () => Promise<T>,
): Promise<Reply<T>> {
  const { scheduler } = world;
  if (!to.life.alive || world.isCut(from)) {
    await scheduler.sleep(world.random.below(1_000));
    return { silence: 'not-reached' };
  }
  await leave();
  return await new Promise((resolve) => {
    scheduler.after(patienceMs, () => resolve({ silence: 'no-reply' }));
    const copies = world.happens('duplicate', 0.1) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      if (world.happens('drop', 0.1)) continue;
      scheduler.after(latency(world), () => {
        if (!to.life.alive) return;
        void arrive()
          .then((value) => {
            if (!world.happens('drop', 0.1)) scheduler.after(latency(world), () => resolve({ value }));
          })
          .catch((error: unknown) => world.broken(`${from} asking ${to.name}`, error));
      });
    }
  });
}

function latency(world: World): number {
  const late = world.happens('delay', 0.05) ? world.random.below(LATE_MS) : 0;
  return 5 + world.random.below(50) + late;
}
