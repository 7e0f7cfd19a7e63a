/** Lets work on the same entry happen one after the other, and knows all that is under way. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  async take<T>(entryId: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(entryId);
    const mine = before ? before.then(work, work) : work();
    this.#last.set(entryId, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(entryId) === mine) this.#last.delete(entryId);
    }
  }

  /** Waits until nothing is under way. */
  async rest(): Promise<void> {
    while (this.#last.size > 0) await Promise.allSettled(this.#last.values());
  }
}
