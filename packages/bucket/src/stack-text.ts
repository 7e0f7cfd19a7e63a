import type { ErrorFacts } from './failure.ts';
import { parseStack } from './stack/stack.ts';

const HEADER =
  /^(?:Uncaught )?(?:\(in promise\) )?([A-Za-z_$\xa1-\uffff][\w$.\xa1-\uffff]*)(?: \[([A-Z][A-Z\d_]+)\])?(?:: |$)/;

/**
 * What can be known of an error from the text of its stack alone, as people paste it: what stands before the first
 * frame is name, code (`TypeError [ERR_X]: …`) and message.
 */
export function errorFromStack(text: string): ErrorFacts {
  const stack = String(text).trim();
  const [first] = parseStack(stack, '').frames;
  const header = stack.slice(0, first && stack.indexOf(first().text)).trim();
  const [whole = '', name = 'Error', code] = HEADER.exec(header) ?? [];
  return { name, message: header.slice(whole.length), stack, ...(code && { code }) };
}
