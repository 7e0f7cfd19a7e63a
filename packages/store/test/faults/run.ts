/** How much of a method is run, and where. */
export interface Extent {
  readonly seed: number;
  readonly cycles: number;
  /** An existing folder to make stores in; the caller removes it. */
  readonly dir: string;
  /** Stops early at this time, by `Date.now()`. */
  readonly until?: number;
}

/** What was run; a method throws at the first promise that was not kept. */
export interface Figures {
  readonly cycles: number;
  readonly [what: string]: number;
}

/** The cycles still to be run. */
export function* cyclesOf(extent: Extent): Generator<number> {
  for (let cycle = 0; cycle < extent.cycles; cycle++) {
    if (extent.until !== undefined && Date.now() > extent.until) return;
    yield cycle;
  }
}

/** Adds which cycle it was to an error. */
export async function inCycle<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new Error(`${name}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}
