/**
 * Files that the program named at its start: `attachment:<name>` and `log-tail`. A demand brings a name, the path comes
 * from the program alone. Opened without following a link and without waiting (a pipe would never open), judged by what
 * was opened, and read once up to the size it had then: what grows meanwhile is not followed.
 * @module
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { type DeclaredFile, declaredFile } from '../../declared-files.ts';
import type { FailureFacts } from '../../spool/failure-facts.ts';
import type { Collected, NotThere } from './collected.ts';

const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
const NEWLINE = 10;

/** What a declared file holds now. What is no text is left out: it could not be scrubbed. */
export function collectDeclaredFile(type: string, { files }: FailureFacts): Collected | NotThere | undefined {
  const named = files !== undefined && Object.hasOwn(files, type) ? files[type] : undefined;
  const file = declaredFile(type, named);
  if (file === undefined) return undefined;
  const bytes = readDeclared(file);
  if (!Buffer.isBuffer(bytes)) return bytes;
  if (bytes.byteLength === 0) return { notThere: 'nothing-found' };
  if (bytes.includes(0)) return { notThere: 'not-text' };
  return { contentType: 'text/plain; charset=utf-8', text: bytes.toString('utf8') };
}

function readDeclared(file: DeclaredFile): Buffer | NotThere {
  let descriptor: number;
  try {
    descriptor = openSync(file.path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    // ELOOP: a link; ENXIO: a socket.
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return { notThere: missing ? 'nothing-found' : 'not-readable' };
  }
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) return { notThere: 'not-a-file' };
    if (stat.size <= file.maxBytes) return readAt(descriptor, 0, stat.size);
    if (file.take === 'whole') return { notThere: 'too-large' };
    // One byte more, which tells whether the first line is whole: half of `password=…` would be a secret without its key.
    const tail = readAt(descriptor, stat.size - file.maxBytes - 1, file.maxBytes + 1);
    const firstEnd = tail.indexOf(NEWLINE);
    return firstEnd < 0 ? { notThere: 'no-whole-line' } : tail.subarray(firstEnd + 1);
  } finally {
    closeSync(descriptor);
  }
}

/** So many bytes, or fewer where the file was cut meanwhile. */
function readAt(descriptor: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const read = readSync(descriptor, bytes, filled, length - filled, position + filled);
    if (read === 0) break;
    filled += read;
  }
  return bytes.subarray(0, filled);
}
