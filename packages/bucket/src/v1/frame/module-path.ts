/** Which module a path belongs to, as the package managers and module servers lay them out. */

export interface ModulePath {
  readonly name: string;
  /** When the path itself tells it. */
  readonly version: string | undefined;
  /** Path inside the module. */
  readonly path: string;
}

const NODE_MODULES = '/node_modules/';
const DENO_NPM = /\/npm\/registry\.npmjs\.org\/((?:@[^/@]+\/)?[^/@]+)\/([^/]+)\//;
const JSR = /\/\/jsr\.io\/(@[^/]+\/[^/]+)\/([^/]+)\//;
const VERSIONED_URL = /^\w+:\/\/[^/]+\/(?:[^@/]+\/){0,2}((?:@[^/@]+\/)?[^/@]+)@v?(\d[^/]*)\//;
// pnpm and bun: `.pnpm/@scope+name@1.2.3_peers/`; Yarn: `.yarn/cache/name-npm-1.2.3-hash.zip/`
const STORE = /\/\.(?:pnpm|bun|deno)\/[^/]*?@(\d[^/_(@+]*)[^/]*$/;
const YARN = /-npm-(\d+\.\d+\.\d+[^/]*?)-[\da-f]{8,}(?:-[\da-f]+)?(?:\.zip)?$/;

/** The innermost module of a path in forward slashes; `undefined` when it lies in none. */
export function moduleInPath(path: string): ModulePath | undefined {
  const at = path.lastIndexOf(NODE_MODULES);
  if (at < 0) return moduleInUrl(path);
  const rest = path.slice(at + NODE_MODULES.length);
  const end = rest.indexOf('/', rest[0] === '@' ? rest.indexOf('/') + 1 : 0) >>> 0;
  const [, version] = storeOf(path.slice(Math.max(0, at - 512), at)) ?? [];
  return { name: rest.slice(0, end), version, path: rest.slice(end + 1) };
}

function storeOf(folder: string): RegExpExecArray | null {
  return folder.includes('@') || folder.includes('-npm-') ? (STORE.exec(folder) ?? YARN.exec(folder)) : null;
}

function moduleInUrl(path: string): ModulePath | undefined {
  const match = DENO_NPM.exec(path) ?? JSR.exec(path) ?? VERSIONED_URL.exec(path);
  if (!match) return undefined;
  const [whole, name = '', version] = match;
  return { name, version, path: path.slice(match.index + whole.length) };
}
