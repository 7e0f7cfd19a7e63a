/**
 * Time that is made here. What is due runs one by one, in order of time and then of planning; between two of them every
 * promise that can settle has settled. Nothing in a simulation may wait for anything else.
 * @module
 */

interface Due {
  readonly at: number;
  readonly order: number;
  run: (() => void) | undefined;
}

/** Virtual time in milliseconds, from 0. */
export class Scheduler {
  now = 0;
  #order = 0;
  /** A binary heap: nothing is due before the first. */
  readonly #due: Due[] = [];

  /** Plans something; returns how to call it off. */
  after(ms: number, run: () => void): () => void {
    const due: Due = { at: this.now + Math.max(0, ms), order: this.#order++, run };
    this.#push(due);
    return () => {
      due.run = undefined;
    };
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(ms, resolve);
    });
  }

  /** Runs everything that is due up to a time. */
  async run(until: number): Promise<void> {
    await settled();
    for (let first = this.#due[0]; first && first.at <= until; first = this.#due[0]) {
      this.#pop();
      if (!first.run) continue;
      this.now = first.at;
      first.run();
      await settled();
    }
    this.now = until;
  }

  #push(due: Due): void {
    let place = this.#due.length;
    this.#due.push(due);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = this.#due[parent];
      if (!above || isBefore(above, due)) break;
      this.#due[place] = above;
      place = parent;
    }
    this.#due[place] = due;
  }

  #pop(): void {
    const last = this.#due.pop();
    if (!last || this.#due.length === 0) return;
    let place = 0;
    for (;;) {
      const [left, right] = [this.#due[2 * place + 1], this.#due[2 * place + 2]];
      const child = right && left && isBefore(right, left) ? right : left;
      if (!child || isBefore(last, child)) break;
      this.#due[place] = child;
      place = 2 * place + (child === left ? 1 : 2);
    }
    this.#due[place] = last;
  }
}

function isBefore(a: Due, b: Due): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** Resolves when every promise that needs nothing from outside has settled. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
