/**
 * ES modules as the same authors would have written them in CommonJS: every line stays where it is. Knows the few
 * forms of import and export that our programs use; others are refused.
 */

/** Packages without a CommonJS build; Node hands out their namespace. */
const ESM_ONLY: ReadonlySet<string> = new Set(['got', 'ky', 'p-queue']);

export function commonJs(text: string): string {
  const exported: string[] = [];
  const lines = text.split('\n').map((line) => {
    const own = /^export (?:async )?(?:function|const|class) (\w+)/.exec(line)?.[1];
    if (own === undefined) return line.startsWith('import ') ? required(line) : line;
    exported.push(own);
    return line.slice('export '.length);
  });
  const exports = exported.map((name) => `exports.${name} = ${name};\n`).join('');
  return `'use strict'; ${lines.join('\n')}${exports}`;
}

function required(line: string): string {
  const match = /^import (.+) from '([^']+)';$/.exec(line);
  const [, names, module] = match ?? [];
  if (names === undefined || module === undefined) throw new Error(`cannot turn into CommonJS: ${line}`);
  const call = `require('${module}')`;
  if (names.startsWith('* as ')) return `const ${names.slice('* as '.length)} = ${call};`;
  if (names.startsWith('{')) return `const ${renamed(names)} = ${call};`;
  const [main, others] = names.split(/, (?=\{)/);
  const value = ESM_ONLY.has(module) ? `${call}.default` : call;
  return others === undefined
    ? `const ${main} = ${value};`
    : `const ${main} = ${value}, ${renamed(others)} = ${main};`;
}

function renamed(names: string): string {
  return names.replaceAll(' as ', ': ');
}
