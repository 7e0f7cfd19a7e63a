/** Names under which a file holds whole modules; what they are called is a matter of the module format. */

const HEAD = 1 << 14;
// `import a`, `import * as a`, `a = require(`, `a = __importStar(require(`
const IMPORT = /\bimport (?:type )?(?:\* as )?([\w$]+)\b|\b([\w$]+)\s*=\s*(?:[\w$.]{1,40}\()?require\(/g;

export function namesOfImports(text: string): (string | undefined)[] {
  return [...text.slice(0, HEAD).matchAll(IMPORT)].map(([, imported, required]) => imported ?? required);
}
