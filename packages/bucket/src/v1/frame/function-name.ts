/** The part of a printed function name that is the same in every engine, module format and call. */

const NAMELESS = /^(?:<?anonymous>?|eval|\?|<static_initializer>|<computed>)$/;
const ACCESSOR = /^[gs]et /;

/** What compilers call a default export that has no name. */
const DEFAULT_EXPORT = /(?:^|[._])default$/;

/** Last part of the name, without receiver, `new` and call alias; empty when there is none. Accessor marks stay. */
export function functionName(printed: string): string {
  const name = printed.slice(0, 256).replace(/^new | \[as [^\]]*\]$/g, '');
  const [accessor = ''] = ACCESSOR.exec(name) ?? [];
  const last = name.slice(Math.max(name.lastIndexOf('.') + 1, accessor.length));
  return NAMELESS.test(last) ? '' : writtenName(accessor + last);
}

/** A name that somebody gave; empty for one that a compiler made up. */
export function writtenName(name: string): string {
  return DEFAULT_EXPORT.test(name) ? '' : name;
}
