/**
 * Node's own modules, reached without an `import`: what runs in the host must load nothing that is not loaded anyway,
 * and must stay quiet where a bundler or another runtime has no such module.
 * @module
 */
export const fs: typeof import('node:fs') = process.getBuiltinModule('node:fs');
export const path: typeof import('node:path') = process.getBuiltinModule('node:path');
export const url: typeof import('node:url') = process.getBuiltinModule('node:url');
export const util: typeof import('node:util') = process.getBuiltinModule('node:util');

/** `path.resolve` for what is absolute most of the time: a start would pay 30 µs for each. */
export function absolute(file: string): string {
  return path.isAbsolute(file) ? file : path.resolve(file);
}

/** A function, since a starting program has not loaded it. */
export function os(): typeof import('node:os') {
  return process.getBuiltinModule('node:os');
}
