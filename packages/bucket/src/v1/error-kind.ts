/** What kind of error it was, in words that are the same in every engine and build, and hold no data. */
import type { ErrorFacts } from '../failure.ts';
import { stringOf } from '../total.ts';

const CODE = /^[a-z][\w./:-]{1,63}$/i;
const CLASS = /^[A-Za-z_$\xa1-\uffff][\w$.\xa1-\uffff]{2,63}$/;
const OVERFLOW = /^(?:Maximum call stack size exceeded|too much recursion)/;
// A hexadecimal run or a number of this length is data, not a name somebody chose.
const DATA = /\d{5}|[\da-f]{12}/i;
// Node alone gives the classes of the language codes: other engines refuse the same call without one.
const CODE_OF_NODE = /^ERR_/;
const CLASS_OF_LANGUAGE = /^(?:Type|Range|Syntax|URI)Error$/;

/** The code if it is a word, else the class if a minifier left it readable, else `Error`. */
export function errorKind(error: ErrorFacts, isPlaced: boolean): string {
  if (isOverflow(error)) return 'RangeError';
  const code = stringOf(error.code);
  const name = stringOf(error.name);
  const thrown = stringOf(error.thrown);
  const isOfNode = CODE_OF_NODE.test(code) && CLASS_OF_LANGUAGE.test(name);
  if (CODE.test(code) && !DATA.test(code) && !(isPlaced && isOfNode)) return code;
  if (thrown) return `thrown:${thrown.slice(0, 16)}`;
  return CLASS.test(name) && !DATA.test(name) ? name : 'Error';
}

/** Whether the call stack ran out; engines agree on neither class nor message. */
export function isOverflow({ name, message }: ErrorFacts): boolean {
  return (name === 'RangeError' || name === 'InternalError') && OVERFLOW.test(stringOf(message));
}
