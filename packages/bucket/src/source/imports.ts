/** What a file calls that which it imports; a matter of the module format, and of taste. */

const HEAD = 1 << 14;
// `import a`, `import * as a`, `a = require(`, `a = __importStar(require(`
const WHOLE = /\bimport (?:type )?(?:\* as )?([\w$]+)\b|(?<![\w$])([\w$]+)\s*=\s*(?:[\w$.]+\()?require\(/g;
// `{ readFile as readLater }`, which other module formats call by its own name
const RENAMED = /\b([\w$]+) as ([\w$]+)\b/g;

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
  const pairs = head.includes(' as ') ? [...importLists(head).matchAll(RENAMED)] : [];
  const renamed = pairs.map(([, name = '', here = '']) => [here, name] as const);
  return { modules, renamed: new Map(renamed.filter(([, name]) => name !== 'default')) };
}

/** What stands between `import` and `from`. */
function importLists(head: string): string {
  let lists = '';
  for (let at = head.indexOf('import '); at >= 0; at = head.indexOf('import ', at + 1)) {
    const list = head.slice(at, head.indexOf(' from ', at));
    if (!/[;'"`(]/.test(list)) lists += ` ${list}`;
    at += list.length;
  }
  return lists;
}
