import type { ErrorFacts } from '@fr/bucket';

/** No product follows causes further than this. */
const MAX_LINKS = 10;

/** An error and its causes, outermost first. */
export function chainOf(error: ErrorFacts): readonly ErrorFacts[] {
  const links = [error];
  for (let { cause } = error; cause !== undefined && links.length < MAX_LINKS; cause = cause.cause)
    links.push(cause);
  return links;
}

/** Class of an error, or what was thrown in its place. */
export function classOf({ name, thrown }: ErrorFacts): string {
  return name ?? thrown ?? 'Error';
}
