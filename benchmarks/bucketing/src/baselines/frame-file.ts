/** Whose a frame is and what its file is called without the folders of one machine. */
import type { Evidence } from '../score/evidence.ts';
import type { PlainFrame } from './plain-frame.ts';

const RUNTIME = /^(?:node:|internal\/|native$|wasm:|chrome:|resource:|\[native code\])/;
const MODULES = '/node_modules/';

/** What error trackers call in-app or in-project: neither below `node_modules` nor of the runtime. */
export function isOwn({ file }: PlainFrame): boolean {
  return !RUNTIME.test(file) && !slashed(file).includes(MODULES);
}

/**
 * Path inside the project or inside `node_modules`. The project's root is a folder whose package.json was at hand;
 * where there is none, only the last part of the path is sure to be no folder of one machine.
 */
export function projectFile(frame: PlainFrame, evidence: Evidence): string {
  const path = slashed(frame.file);
  const module = path.lastIndexOf(MODULES);
  if (module >= 0) return path.slice(module + 1);
  if (RUNTIME.test(path)) return path;
  if (frame.mapped) return path.replace(/^[a-z-]+:\/{2,3}/, '').replace(/^(?:\.{1,2}\/)+/, '');
  const root = rootOf(path, evidence);
  return root === undefined ? (path.split('/').at(-1) ?? '') : path.slice(root.length);
}

/** Last part of the path, without extension. */
export function baseName({ file }: PlainFrame): string {
  const base = slashed(file).split('/').at(-1) ?? '';
  return base.replace(/\.[cm]?[jt]sx?$/, '');
}

function rootOf(path: string, { files }: Evidence): string | undefined {
  const roots = files
    .map((file) => slashed(file))
    .filter((file) => file.endsWith('/package.json'))
    .map((file) => file.slice(0, -'package.json'.length));
  return roots
    .filter((root) => path.startsWith(root))
    .sort((a, b) => a.length - b.length)
    .at(-1);
}

function slashed(file: string): string {
  const path = file.replaceAll('\\', '/').replace(/^file:\/\/(?:\/(?=[A-Za-z]:))?/, '');
  return /^[a-z]+:\/\//.test(path) ? path.replace(/[?#].*$/, '') : unescaped(path);
}

function unescaped(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
