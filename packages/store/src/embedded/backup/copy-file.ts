import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, open } from 'node:fs/promises';
import { basename } from 'node:path';

/** A file as it was copied. */
export interface CopiedFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Copies durably. Never a link: receipts are appended to an entry's file where it lies, and a link would have them, too.
 * Where the disk can share blocks until one side changes, it does.
 */
export async function copyDurably(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  await makeDurable(to);
}

export async function makeDurable(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.chmod(0o600);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** What lies there, read back. */
export async function describeFile(path: string): Promise<CopiedFile> {
  const hash = createHash('sha256');
  const file = await open(path, 'r');
  let bytes = 0;
  for await (const chunk of file.createReadStream()) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { name: basename(path), bytes, sha256: hash.digest('hex') };
}
