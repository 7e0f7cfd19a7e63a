/** Going through the texts of a failure and of all that it carries: causes and members. */
import type { ErrorFacts } from '@fr/bucket';

/** The same failure with every text rewritten; codes and numbers stay. */
export function mapTexts(error: ErrorFacts, rewrite: (text: string) => string): ErrorFacts {
  const { message, stack, syscall, cause, errors } = error;
  return {
    ...error,
    ...(message === undefined ? {} : { message: rewrite(message) }),
    ...(stack === undefined ? {} : { stack: rewrite(stack) }),
    ...(syscall === undefined ? {} : { syscall: rewrite(syscall) }),
    ...(cause === undefined ? {} : { cause: mapTexts(cause, rewrite) }),
    ...(errors === undefined ? {} : { errors: errors.map((one) => mapTexts(one, rewrite)) }),
  };
}

/** Every stack in a failure, its own first. */
export function stacksOf(error: ErrorFacts): readonly string[] {
  const own = error.stack === undefined ? [] : [error.stack];
  const others = [...(error.cause ? [error.cause] : []), ...(error.errors ?? [])];
  return [...own, ...others.flatMap(stacksOf)];
}
