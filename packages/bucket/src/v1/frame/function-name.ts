/** The part of a printed function name that is the same in every engine, module format and call. */

const NAMELESS = /^(?:<?anonymous>?|eval|\?|<static_initializer>|<computed>)$/;
const ACCESSOR = /^[gs]et /;

/** Last part of the name, without receiver, `new` and call alias; empty when there is none. Accessor marks stay. */
export function functionName(printed: string): string {
  const name = printed.slice(0, 256).replace(/^new | \[as [^\]]*\]$/g, '');
  const [accessor = ''] = ACCESSOR.exec(name) ?? [];
  const last = name.slice(Math.max(name.lastIndexOf('.') + 1, accessor.length));
  return NAMELESS.test(last) ? '' : accessor + last;
}
