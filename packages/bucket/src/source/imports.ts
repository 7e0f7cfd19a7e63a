/** Names under which a file holds whole modules; what they are called is a matter of the module format. */

const HEAD = 1 << 14;
const MAX_NAMES = 200;
// `import a`, `import * as a`, `a = require(`, `a = __importStar(require(`
const IMPORT = /\bimport (?:type )?(?:\* as )?([\w$]+)\b|\b([\w$]+)\s*=\s*(?:[\w$.]{1,40}\()?require\(/g;

export function namesOfImports(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [, imported, required] of text.slice(0, HEAD).matchAll(IMPORT)) {
    names.add(imported ?? required ?? '');
    if (names.size >= MAX_NAMES) break;
  }
  return names;
}
