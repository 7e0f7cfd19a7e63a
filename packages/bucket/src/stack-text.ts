import type { ErrorFacts } from './failure.ts';
import { parseStack } from './stack/stack.ts';

const HEADER =
  /^(?:Uncaught )?(?:\(in promise\) )?([\p{L}_$][\p{L}\p{N}_$.]*)(?: \[([A-Z][A-Z0-9_]+)\])?(?:: |$)/u;

/**
 * What can be known of an error from the text of its stack alone, as people paste it: what stands before the first
 * frame is name, code (`TypeError [ERR_X]: …`) and message.
 */
export function errorFromStack(text: string): ErrorFacts {
  const stack = String(text).trim();
  const [first] = parseStack(stack, '').frames;
  const end = first === undefined ? stack.length : Math.max(0, stack.indexOf(first.text));
  const header = stack.slice(0, end).trim();
  const [whole, name, code] = HEADER.exec(header) ?? [];
  if (whole === undefined) return { name: 'Error', message: header, stack };
  return { name, message: header.slice(whole.length), stack, ...(code === undefined ? {} : { code }) };
}
