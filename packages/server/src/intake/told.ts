/** What is known is told at once: a promise for every hit would cost more than what it brings. */
export type Told<T> = readonly T[] | Promise<readonly T[]>;
