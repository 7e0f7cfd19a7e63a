/**
 * Unhandled rejections in Node's modes `warn` and `warn-with-error-code`, which raise no exception. Node then emits two
 * warnings for each: the first one's message is the stack, or the value as text; the second one's ends in the
 * rejection's id. Its own printing of warnings is a listener like ours and is not affected. In the mode `none`
 * nothing is emitted, and nothing can be seen without changing what the program does.
 * @module
 */
const SECOND = /\(rejection id: \d+\)$/;

/** Takes Node's warnings about rejections and gives each rejection's text to `note`, once. */
export function warnedRejections(note: (told: string) => void): (warning: unknown) => void {
  let told: string | undefined;
  return (warning) => {
    const message = messageOf(warning);
    if (message !== undefined && !SECOND.test(message)) {
      told = message;
      return;
    }
    const rejection = told;
    told = undefined;
    if (rejection !== undefined) note(rejection);
  };
}

/** Any code may emit any object as a warning. */
function messageOf(warning: unknown): string | undefined {
  if (typeof warning !== 'object' || warning === null) return undefined;
  const value: unknown = Object.getOwnPropertyDescriptor(warning, 'message')?.value;
  return typeof value === 'string' ? value : undefined;
}
