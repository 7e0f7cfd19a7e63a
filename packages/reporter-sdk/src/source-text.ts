import { fs, path, url } from './builtin.ts';

const MAX_SOURCE = 4 * 1024 * 1024;

/** Reads source files of the program for bucketing. */
export interface SourceReader {
  readonly read: (file: string) => string | undefined;
  /** Whether a file that was asked for is gone or is newer than the failure. */
  readonly outdated: () => boolean;
}

/** A reader of local files of at most 4 MiB; with `notAfter` (milliseconds) those changed later are not read. */
export function sourceReader(notAfter: number = Number.POSITIVE_INFINITY): SourceReader {
  let outdated = false;
  function read(file: string): string | undefined {
    const name = localPath(file);
    if (name === undefined) return undefined;
    try {
      const stat = fs.statSync(name);
      if (!stat.isFile() || stat.size > MAX_SOURCE) return undefined;
      if (stat.mtimeMs <= notAfter) return fs.readFileSync(name, 'utf8');
    } catch {
      // Gone, or closed to us: as good as changed.
    }
    outdated = true;
    return undefined;
  }
  return { read, outdated: () => outdated };
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
