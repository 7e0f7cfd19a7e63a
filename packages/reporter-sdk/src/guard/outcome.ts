/** As long as this after a failure that its program may survive, nobody can say whether it has. */
export const UNDECIDED_MS = 10_000;
