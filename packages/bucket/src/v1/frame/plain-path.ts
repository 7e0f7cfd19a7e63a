/** Paths and URLs in one form. */
import { attempt } from '../../total.ts';

const SCHEME = /^[a-z][a-z\d+.-]*:\/\//i;
const VIRTUAL = /^(?:webpack(?:-internal)?|turbopack|rollup|app|vite|ng|parcel-css|metro):\/\/\/?|^webpack:/i;
/** What nothing has to be done about, as nearly always. */
const PLAIN = /^\/(?!\.\/)(?:[^\\/]|\/(?!\.\/))*$/;
const MAX_PATH = 1024;

/** A path or URL as forward slashes, without scheme marks, queries and percent-encoding. */
export function plainPath(file: string): string {
  let path = file.slice(-MAX_PATH);
  if (PLAIN.test(path)) return path;
  if (SCHEME.test(path)) path = path.replace(/[?#].*/s, '');
  if (path.startsWith('file://')) path = fileOfUrl(decoded(path.slice(7)));
  return path.replace(VIRTUAL, '/').replaceAll('\\', '/').replaceAll('/./', '/');
}

// `file:///C:/shop`, `file://server/share`: as the file systems of Windows name them.
function fileOfUrl(path: string): string {
  if (/^\/[a-z]:\//i.test(path)) return path.slice(1);
  return path.startsWith('/') ? path : `//${path}`;
}

function decoded(path: string): string {
  return attempt(() => decodeURIComponent(path)) ?? path;
}
