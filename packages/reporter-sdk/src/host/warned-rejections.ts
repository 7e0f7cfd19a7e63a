/**
 * Unhandled rejections in Node's modes `warn` and `warn-with-error-code`, which raise no exception. Node then emits two
 * warnings for each: the first one's message is the stack, or the value as text; the second one's ends in the
 * rejection's id. Its own printing of warnings is a listener like ours and is not affected. In the mode `none`
 * nothing is emitted, and nothing can be seen without changing what the program does.
 * @module
 */
const NAME = 'UnhandledPromiseRejectionWarning';
const SECOND = /\(rejection id: \d+\)$/;

/** Gives each rejection's text to `note`, once. Gives what stops it. */
export function watchWarnedRejections(note: (told: string) => void): () => void {
  let told: string | undefined;
  const listener = (warning: unknown): void => {
    if (textOf(warning, 'name') !== NAME) return;
    const message = textOf(warning, 'message');
    if (message !== undefined && !SECOND.test(message)) {
      told = message;
      return;
    }
    const rejection = told;
    told = undefined;
    if (rejection !== undefined) note(rejection);
  };
  process.on('warning', listener);
  return () => process.removeListener('warning', listener);
}

/** Any code may emit any object as a warning. */
function textOf(warning: unknown, key: string): string | undefined {
  if (typeof warning !== 'object' || warning === null) return undefined;
  const value: unknown = Object.getOwnPropertyDescriptor(warning, key)?.value;
  return typeof value === 'string' ? value : undefined;
}
