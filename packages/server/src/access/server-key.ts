import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  generateSigningKey,
  parseSigningKey,
  printSigningKey,
  type SigningKey,
} from '@fr/protocol/signature';

const FILE = 'server-key.pem';

/**
 * The key a server signs demands with: `server-key.pem` in its folder, made at the first start, readable by its
 * owner alone. Whoever holds tokens of this server has pinned its fingerprint, so losing the file means issuing new
 * tokens: back it up with the folder.
 */
export async function loadServerKey(dir: string): Promise<SigningKey> {
  const path = join(dir, FILE);
  const pem = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (pem !== undefined) return parseSigningKey(pem);
  const key = generateSigningKey();
  // `wx`: of two first starts at once, one makes the key and the other fails instead of replacing it.
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(printSigningKey(key));
    await file.sync();
  } finally {
    await file.close();
  }
  return key;
}
