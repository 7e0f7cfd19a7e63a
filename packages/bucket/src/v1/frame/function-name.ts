/** The part of a printed function name that is the same in every engine, module format and call. */

const NAMELESS = new Set(['', '<anonymous>', 'anonymous', 'eval', '?', '<static_initializer>', '<computed>']);
const ALIAS = / \[as [^\]]*\]$/;

/** Last part of the name, without receiver and call alias; empty when there is none. Accessor marks stay. */
export function functionName(printed: string): string {
  const name = printed.slice(0, 256).replace(ALIAS, '');
  const accessor = /^(?:get|set) /.exec(name)?.[0] ?? '';
  const last = name.slice(Math.max(name.lastIndexOf('.') + 1, accessor.length));
  return NAMELESS.has(last) ? '' : accessor + last;
}
