/**
 * A computer on which something of ours runs, and which can die at any outward act:
 *
 *     up ──kill──▶ down ──(a while)──▶ up again, as a new life over the same disk
 *
 * What a life awaits after its death never comes: no `finally` of it runs, as after kill -9. An act of a disk takes effect
 * at one moment; a death before it leaves nothing of it, a death after it leaves all of it and nobody who knows.
 * @module
 */
import type { World } from './world.ts';

/** One process from its start to its death. */
export interface Life {
  alive: boolean;
}

const EPOCH_MS = 1_800_000_000_000;

export class Machine {
  readonly world: World;
  readonly name: string;
  life: Life = { alive: false };
  /** How far its clock is from the true time. */
  skew = 0;
  onStart: (life: Life) => void | Promise<void> = () => undefined;

  constructor(world: World, name: string) {
    this.world = world;
    this.name = name;
  }

  /** Its clock, which may be wrong and may jump. */
  readonly now = (): number => EPOCH_MS + Math.floor(this.world.scheduler.now) + this.skew;
  /** A clock that runs evenly. */
  readonly elapsed = (): number => this.world.scheduler.now;

  start(): void {
    const life = { alive: true };
    this.life = life;
    void Promise.resolve(this.onStart(life)).catch((error: unknown) => this.world.broken(this.name, error));
  }

  kill(why: string): void {
    if (!this.life.alive) return;
    this.life.alive = false;
    this.world.log(this.name, `dies ${why}`);
    this.world.scheduler.after(1_000 + this.world.random.below(300_000), () => {
      if (!this.life.alive) this.start();
    });
  }

  /** An act on this machine's disk: takes time, may be the last thing a life does. */
  async act<T>(life: Life, name: string, doIt: () => T | Promise<T>): Promise<T> {
    const { world } = this;
    if (!life.alive) return await never();
    const slow = world.happens('slow-disk', 0.3);
    if (slow) await world.scheduler.sleep(world.random.below(world.random.chance(0.02) ? 20_000 : 50));
    if (!life.alive) return await never();
    if (world.happens('crash', 0.001)) {
      this.kill(`before ${name}`);
      return await never();
    }
    const done = await doIt();
    if (life.alive && world.happens('crash', 0.001)) this.kill(`after ${name}`);
    return life.alive ? done : await never();
  }

  /** The same object, each of whose methods is an act of this life. `pending` is passed on as it is. */
  disk<T extends object>(life: Life, target: T, label: string): T {
    return new Proxy(target, {
      get: (from, name) => {
        const member: unknown = Reflect.get(from, name);
        if (typeof member !== 'function' || name === 'pending') return member;
        return (...args: unknown[]) =>
          this.act(life, `${label}.${String(name)}`, () => Reflect.apply(member, from, args) as unknown);
      },
    });
  }
}

export function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}
