/** Names of files that stay the same across machines, operating systems, builds and deploys. */
import type { Failure } from '../../failure.ts';

/** Folders that hold the same sources in another form; what leads up to them is left out. */
const BUILD_FOLDERS = new Set(
  'src source dist lib build out esm cjs es umd node browser module commonjs assets chunks static public output js es2020 es2021 es2022 es2023'.split(
    ' ',
  ),
);
const EXTENSION = /\.(?:[cm]?[jt]s|[jt]sx)$/;
const BUILD_MARK = /\.(?:min|esm|cjs|umd|mjs|prod|production|dev|development|bundle|chunk)$/;
// What bundlers append: 8 or more characters of base64url or hexadecimal that no word would have.
const CHUNK_HASH = /[-.](?=[\w-]*\d|[\w-]*[a-z][\w-]*[A-Z])(?:[0-9a-f]{8,32}|[\w-]{8})$/;
const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;
const VIRTUAL = /^(?:webpack-internal|webpack|turbopack|rollup|app|vite|ng|parcel-css|metro):\/\/\/?/i;
const MAX_PATH = 1024;

/** A path or URL as forward slashes, without scheme marks, queries and percent-encoding. */
export function plainPath(file: string): string {
  let path = file.slice(-MAX_PATH);
  if (SCHEME.test(path)) path = withoutQuery(path);
  if (path.startsWith('file://')) path = decoded(path.slice('file://'.length));
  else if (VIRTUAL.test(path)) path = `/${path.replace(VIRTUAL, '')}`;
  else if (path.startsWith('webpack:')) path = `/${path.slice('webpack:'.length)}`;
  return path.replaceAll('\\', '/').replaceAll('/./', '/');
}

/** File inside a module: build folders, extension and build marks dropped. */
export function fileInModule(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.' && part !== '..');
  const base = bareName(parts.pop() ?? '');
  const last = parts.findLastIndex((part) => BUILD_FOLDERS.has(part));
  return [...parts.slice(last + 1), base].join('/');
}

/**
 * File inside the program, whose root the path alone does not tell. The root is asked of `source` (a folder with
 * a named package.json), else seen in a folder named as the program or in a build folder; without any of these
 * only the base name is sure to survive another install path.
 */
export function fileInProgram(path: string, failure: Failure): string {
  const parts = path.split('/');
  const base = bareName(parts.pop() ?? '');
  const root = rootByManifest(parts, failure) ?? rootByName(parts, failure.program);
  const build = parts.findLastIndex(
    (part, at) => BUILD_FOLDERS.has(part) && at >= (root ?? systemDepth(parts)),
  );
  const from = build >= 0 ? build + 1 : (root ?? parts.length);
  return [...parts.slice(from), base].join('/');
}

/** Text of a file from the failure's own look-up, by its printed name or its plain path. */
export function sourceOf(file: string, failure: Failure): string | undefined {
  return textOf(failure, file) ?? (file.includes('://') ? textOf(failure, plainPath(file)) : undefined);
}

function bareName(file: string): string {
  let name = file.replace(EXTENSION, '');
  while (BUILD_MARK.test(name)) name = name.replace(BUILD_MARK, '');
  return name.replace(CHUNK_HASH, '') || name;
}

// `/usr/src/app` and `/home/ann/src/shop` are where people put programs, not folders of a program.
function systemDepth([, first = '', second = '', third = '']: readonly string[]): number {
  if (first === 'usr') return second === 'local' ? 4 : 3;
  if (first === 'home' || first === 'Users') return 4;
  return second === 'Users' && third !== '' ? 5 : 0;
}

function rootByName(parts: readonly string[], program: string): number | undefined {
  const name = program.slice(program.lastIndexOf('/') + 1);
  const at = name === '' ? -1 : parts.lastIndexOf(name);
  return at < 0 ? undefined : at + 1;
}

const MAX_CLIMB = 12;

function rootByManifest(parts: readonly string[], failure: Failure): number | undefined {
  if (failure.source === undefined) return undefined;
  for (let end = parts.length, climbed = 0; end > 1 && climbed < MAX_CLIMB; end--, climbed++) {
    const manifest = textOf(failure, `${parts.slice(0, end).join('/')}/package.json`);
    if (manifest !== undefined && /"name"\s*:/.test(manifest)) return end;
  }
  return undefined;
}

function textOf(failure: Failure, file: string): string | undefined {
  try {
    const text = failure.source?.(file);
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}

function withoutQuery(url: string): string {
  const end = url.search(/[?#]/);
  return end < 0 ? url : url.slice(0, end);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
