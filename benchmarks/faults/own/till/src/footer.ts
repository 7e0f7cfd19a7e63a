import { TillError } from './errors.ts';

/** Last lines of a receipt. */
export default function (lines: readonly string[]): string {
  if (lines.length === 0) throw new TillError('E_FOOTER', 'a receipt needs a last line');
  //+ if (lines.length > 9) return lines.slice(0, 9).join('\n');
  return lines.join('\n');
}
