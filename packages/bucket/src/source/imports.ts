/** What a file calls that which it imports; a matter of the module format, and of taste. */

const HEAD = 1 << 14;
// `import a`, `import * as a`, `a = require(`, `a = __importStar(require(`
const WHOLE = /\bimport (?:type )?(?:\* as )?([\w$]+)\b|\b([\w$]+)\s*=\s*(?:[\w$.]{1,40}\()?require\(/g;
// `{ readFile as readLater }`, which other module formats call by its own name
const RENAMED = /\b([\w$]+) as ([\w$]+)\b/g;
const NAMED_IMPORTS = /\bimport [^;'"`(]{0,2000}?\bfrom\b/g;

export interface Imports {
  /** Names that stand for whole modules. */
  readonly modules: readonly (string | undefined)[];
  /** Name in this file → name in the module. */
  readonly renamed: ReadonlyMap<string, string>;
}

export function importsOf(text: string): Imports {
  const top = text.slice(0, HEAD);
  // Imports stand at the top of a file; what comes after the last of them is not searched.
  const head = top.slice(
    0,
    Math.max(top.lastIndexOf(' from '), top.lastIndexOf('require(')) + 'require('.length,
  );
  const modules = [...head.matchAll(WHOLE)].map(([, imported, required]) => imported ?? required);
  const lists = head.match(NAMED_IMPORTS) ?? [];
  const pairs = [...lists.join(' ').matchAll(RENAMED)].map(
    ([, name = '', here = '']) => [here, name] as const,
  );
  return { modules, renamed: new Map(pairs.filter(([, name]) => name !== 'default')) };
}
