/** Names of files that stay the same across machines, operating systems, builds and deploys. */
import type { Failure } from '../../failure.ts';
import { words } from '../../total.ts';
import { textOf } from './source-text.ts';

/** Folders that hold the same sources in another form; what leads up to them is left out. */
const BUILD_FOLDERS = words(
  'src source dist lib build out esm cjs es umd node browser module commonjs assets chunks static public output js es2020 es2021 es2022 es2023',
);
/** `/var/lib/shop`, `/opt/node/shop`: the folder after these is the system's. */
const SYSTEM_FOLDERS = words('var opt');
const EXTENSION = /\.(?:[cm]?[jt]s|[jt]sx)$/;
const BUILD_MARKS = /(?:\.(?:min|esm|cjs|umd|mjs|prod|production|dev|development|bundle|chunk))+$/;
// What bundlers append: 8 or more characters of base64url or hexadecimal that no word would have.
const CHUNK_HASH = /[-.](?=[\w-]*\d|[\w-]+[A-Z])(?:[\da-f]{8,32}|[\w-]{8})$/;

/** File inside a module: build folders, extension and build marks dropped. */
export function fileInModule(path: string): string {
  const parts = path.split('/').filter((part) => !/^\.{0,2}$/.test(part));
  return fileBelow(parts, lastBuildFolder(parts, 0) + 1);
}

/**
 * File inside the program, whose root the path alone does not tell. The root is asked of `source` (a folder with
 * a named package.json), else seen in a folder named as the program or in a build folder; without any of these
 * only the base name is sure to survive another install path.
 */
export function fileInProgram(path: string, failure: Failure): string {
  const parts = path.split('/');
  const root = rootByManifest(parts, failure) || rootByName(parts, failure.program);
  const build = lastBuildFolder(parts, root || systemDepth(parts)) + 1;
  return fileBelow(parts, build || root || -1);
}

function fileBelow(parts: readonly string[], from: number): string {
  return [...parts.slice(from, -1), bareName(parts.at(-1) ?? '')].join('/');
}

function lastBuildFolder(parts: readonly string[], from: number): number {
  return parts.findLastIndex((part, at) => at >= from && at < parts.length - 1 && BUILD_FOLDERS.has(part));
}

function bareName(file: string): string {
  const name = file.replace(EXTENSION, '').replace(BUILD_MARKS, '');
  return name.replace(CHUNK_HASH, '') || name;
}

// `/usr/src/app` and `/home/ann/src/shop` are where people put programs, not folders of a program.
function systemDepth([, first = '', second, third]: readonly string[]): number {
  if (first === 'usr') return second === 'local' ? 4 : 3;
  if (first === 'home' || first === 'Users') return 4;
  if (SYSTEM_FOLDERS.has(first)) return 3;
  return second === 'Users' && third ? 5 : 0;
}

function rootByName(parts: readonly string[], program: string): number {
  return parts.lastIndexOf(program.slice(program.lastIndexOf('/') + 1), -2) + 1;
}

const MAX_CLIMB = 12;

function rootByManifest(parts: readonly string[], failure: Failure): number {
  const lowest = Math.max(1, parts.length - 1 - MAX_CLIMB);
  for (let end = parts.length - 1; failure.source && end > lowest; end--) {
    const manifest = textOf(failure, `${parts.slice(0, end).join('/')}/package.json`);
    if (manifest && /"name"\s*:/.test(manifest)) return end;
  }
  return 0;
}
