/** When the first bucket of a filled folder was hit first, and the entries began to come; see `programs/fill.ts`. */
export const FILLED_AT = 1_790_000_000_000;

/** Milliseconds from the birth of one bucket to that of the next. */
export const BORN_EVERY_MS = 30;
