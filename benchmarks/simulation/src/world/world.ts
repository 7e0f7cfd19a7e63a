import type { Fault, FaultPlan } from './faults.ts';
import type { Random } from './random.ts';
import { Scheduler } from './scheduler.ts';

/** What every machine of one run shares: time, chance, and who watches. */
export class World {
  readonly scheduler: Scheduler = new Scheduler();
  readonly random: Random;
  readonly plan: FaultPlan;
  readonly trace: string[] = [];
  /** Sentences about what should not have been. */
  readonly failures: string[] = [];
  /** From here on nothing goes wrong any more. */
  quiet = false;
  readonly #tracing: boolean;
  readonly #cut = new Set<string>();

  constructor(random: Random, plan: FaultPlan, tracing: boolean) {
    this.random = random;
    this.plan = plan;
    this.#tracing = tracing;
  }

  /** Whether a fault strikes now. */
  happens(fault: Fault, probability: number): boolean {
    return this.random.chance(probability) && !this.quiet && this.plan.has(fault);
  }

  log(who: string, what: string): void {
    if (this.#tracing) this.trace.push(`${clockTime(this.scheduler.now)} ${who.padEnd(10)} ${what}`);
  }

  fail(what: string): void {
    if (this.failures.length < 20) this.failures.push(`${clockTime(this.scheduler.now)} ${what}`);
    this.log('!', what);
  }

  /** Something threw that should not have. */
  broken(where: string, error: unknown): void {
    this.fail(`${where}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }

  /** Whether a machine is cut off from the next one up. */
  isCut(name: string): boolean {
    return !this.quiet && this.#cut.has(name);
  }

  cut(name: string, ms: number): void {
    this.log(name, `is cut off for ${Math.round(ms / 1000)} s`);
    this.#cut.add(name);
    this.scheduler.after(ms, () => this.#cut.delete(name));
  }
}

function clockTime(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${parts.map((part) => String(part).padStart(2, '0')).join(':')}.${String(Math.floor(ms % 1000)).padStart(3, '0')}`;
}
