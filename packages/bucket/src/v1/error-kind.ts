/** What kind of error it was, in words that are the same in every engine and build, and hold no data. */
import type { ErrorFacts } from '../failure.ts';

const CODE = /^[A-Za-z][A-Za-z0-9_./:-]{1,63}$/;
const CLASS = /^[\p{L}_$][\p{L}\p{N}_$.]{2,63}$/u;
const OVERFLOW = /^(?:Maximum call stack size exceeded|too much recursion)/;
// A hexadecimal run or a number of this length is data, not a name somebody chose.
const DATA = /\d{5,}|[0-9a-f]{12,}/i;

/** The code if it is a word, else the class if a minifier left it readable, else `Error`. */
export function errorKind(error: ErrorFacts): string {
  if (isOverflow(error)) return 'RangeError';
  const { code, name, thrown } = error;
  if (typeof code === 'string' && CODE.test(code) && !DATA.test(code)) return code;
  if (typeof thrown === 'string' && thrown !== '') return `thrown:${thrown.slice(0, 16)}`;
  return className(name);
}

function className(name: unknown): string {
  return typeof name === 'string' && CLASS.test(name) && !DATA.test(name) ? name : 'Error';
}

/** Whether the call stack ran out; engines agree on neither class nor message. */
export function isOverflow({ name, message }: ErrorFacts): boolean {
  return (
    (name === 'RangeError' || name === 'InternalError') &&
    typeof message === 'string' &&
    OVERFLOW.test(message)
  );
}
