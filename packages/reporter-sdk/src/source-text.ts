import { fs, path, url } from './builtin.ts';

const MAX_FILE = 4 * 1024 * 1024;
/** A file names its map in its last line. */
const TAIL = 4 * 1024;
const MAP_MARK = /^\/\/[#@] sourceMappingURL=(\S+)\s*$/gm;
const INLINE_MAP = /^data:application\/json[^,]*;base64,/;

/** Reads the program's files for bucketing; the host and the reporter see the same through it. */
export interface SourceReader {
  /** Text of a file a stack names. */
  readonly source: (file: string) => string | undefined;
  /** Source map of a built file a stack names, as JSON text. */
  readonly sourceMap: (file: string) => string | undefined;
  /** Whether a file that was asked for is gone or is newer than the failure. */
  readonly outdated: () => boolean;
}

/** A reader of local files of at most 4 MiB; with `notAfter` (milliseconds) those changed later are not read. */
export function sourceReader(notAfter: number = Number.POSITIVE_INFINITY): SourceReader {
  const known = new Map<string, string | undefined>();
  let outdated = false;

  function read(name: string): string | undefined {
    if (!known.has(name)) known.set(name, readNow(name));
    return known.get(name);
  }

  function readNow(name: string): string | undefined {
    try {
      const stat = fs.statSync(name);
      if (!stat.isFile() || stat.size > MAX_FILE) return undefined;
      if (stat.mtimeMs <= notAfter) return fs.readFileSync(name, 'utf8');
    } catch {
      // Gone, or closed to us: as good as changed.
    }
    outdated = true;
    return undefined;
  }

  function source(file: string): string | undefined {
    const name = localPath(file);
    return name === undefined ? undefined : read(name);
  }

  function sourceMap(file: string): string | undefined {
    const name = localPath(file);
    const mark = name === undefined ? undefined : mapMark(read(name));
    if (name === undefined || mark === undefined) return undefined;
    if (INLINE_MAP.test(mark)) return Buffer.from(mark.replace(INLINE_MAP, ''), 'base64').toString('utf8');
    // Beside the file or nowhere: what a file names must not lead us over the network or to other places.
    return /^[a-z][a-z0-9+.-]*:|^[\\/]|\.\./i.test(mark)
      ? undefined
      : read(path.join(path.dirname(name), mark));
  }

  return { source, sourceMap, outdated: () => outdated };
}

function mapMark(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const inline = text.lastIndexOf('\n//# sourceMappingURL=data:');
  const end = inline < 0 ? text.slice(-TAIL) : text.slice(inline + 1);
  return [...end.matchAll(MAP_MARK)].at(-1)?.[1];
}

/** The path a stack means, or nothing for places that are no local file. */
export function localPath(file: string): string | undefined {
  try {
    const name = file.startsWith('file:') ? url.fileURLToPath(file) : file;
    return path.isAbsolute(name) ? name : undefined;
  } catch {
    return undefined;
  }
}
