/**
 * The key a server signs with, and how it gives way to another:
 *
 *     server-key.pem              the key; made at the first start, readable by its owner alone
 *     server-key-succession.json  how it came to that key: each link signed by the key that went and by the one that came
 *     server-key.next.pem         only while a key gives way
 *
 *     next.pem ─▶ succession.json (the link is written: from here on the new key holds) ─▶ next.pem takes the place of server-key.pem
 *
 * A crash before the link leaves a next.pem that nobody speaks of, which the next rotation replaces; one after it is finished
 * by the next start. The private half of the old key is gone then. Whoever holds a token of this server has pinned one of
 * these keys and follows the chain, so these files belong into every backup; a copy from before a rotation has a key that
 * the others refuse.
 * @module
 */
import { open, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeSuccessions, MAX_SUCCESSIONS, type Succession } from '@fr/protocol';
import {
  generateSigningKey,
  parseSigningKey,
  printSigningKey,
  type SigningKey,
  signSuccession,
} from '@fr/protocol/signature';

const FILE = 'server-key.pem';
const NEXT = 'server-key.next.pem';
const CHAIN = 'server-key-succession.json';

/** A server's key as long as its folder is open: its members change when it gives way to another. */
export interface ServerKey extends SigningKey {
  /** Oldest first; empty where it is the first one. */
  readonly succession: readonly Succession[];
  /**
   * Puts a new key in the place of this one, durably, and returns the fingerprint of the one that went. `lost`: without its
   * word, for a key that somebody else may have; then nobody follows, and every token has to be issued anew.
   */
  rotate(now: number, options?: { readonly lost?: boolean }): Promise<string>;
}

/** The key of a folder; the first time it is made. `readOnly`: looks only, beside the server that holds the folder. */
export async function loadServerKey(
  dir: string,
  options: { readonly readOnly?: boolean } = {},
): Promise<ServerKey> {
  let state = await readState(dir, options.readOnly === true);
  let turn: Promise<unknown> = Promise.resolve();
  return {
    get keyId() {
      return state.key.keyId;
    },
    get publicKey() {
      return state.key.publicKey;
    },
    get privateKey() {
      return state.key.privateKey;
    },
    get succession() {
      return state.succession;
    },
    rotate(now, { lost = false } = {}) {
      const mine = turn.then(async () => {
        const before = state.key.keyId;
        state = await replace(dir, state, now, lost);
        return before;
      });
      turn = mine.catch(() => undefined);
      return mine;
    },
  };
}

interface KeyState {
  readonly key: SigningKey;
  readonly succession: readonly Succession[];
}

async function readState(dir: string, readOnly: boolean): Promise<KeyState> {
  const [pem, next, chain] = await Promise.all([
    readText(join(dir, FILE)),
    readText(join(dir, NEXT)),
    readText(join(dir, CHAIN)),
  ]);
  const succession = chain === undefined ? [] : decodeSuccessions(JSON.parse(chain));
  const waiting = next === undefined ? undefined : keyOrNothing(next);
  if (waiting && waiting.publicKey === succession.at(-1)?.to) {
    if (!readOnly) await putInPlace(dir);
    return { key: waiting, succession };
  }
  if (pem !== undefined) {
    const key = parseSigningKey(pem);
    // A key file from another time than the chain: what leads to it still holds.
    const end = succession.findLastIndex(({ to }) => to === key.publicKey);
    return { key, succession: succession.slice(0, end + 1) };
  }
  const key = generateSigningKey();
  // `wx`: of two first starts at once, one makes the key and the other fails instead of replacing it.
  await writeText(join(dir, FILE), printSigningKey(key), 'wx');
  return { key, succession: [] };
}

async function replace(
  dir: string,
  { key: before, succession }: KeyState,
  now: number,
  lost: boolean,
): Promise<KeyState> {
  const key = generateSigningKey();
  const at = Math.max(now, succession.at(-1)?.at ?? 0);
  const chain = lost ? [] : [...succession, signSuccession(before, key, at)].slice(-MAX_SUCCESSIONS);
  await writeText(join(dir, NEXT), printSigningKey(key), 'w');
  if (lost) {
    await putInPlace(dir);
    // A chain that leads to another key counts for nothing.
    await unlink(join(dir, CHAIN)).catch(unlessMissing);
    return { key, succession: chain };
  }
  await writeText(join(dir, `${CHAIN}.tmp`), `${JSON.stringify(chain, undefined, 2)}\n`, 'w');
  await rename(join(dir, `${CHAIN}.tmp`), join(dir, CHAIN));
  await syncFolder(dir);
  await putInPlace(dir);
  return { key, succession: chain };
}

async function putInPlace(dir: string): Promise<void> {
  await rename(join(dir, NEXT), join(dir, FILE));
  await syncFolder(dir);
}

function keyOrNothing(pem: string): SigningKey | undefined {
  try {
    return parseSigningKey(pem);
  } catch {
    return undefined;
  }
}

async function readText(path: string): Promise<string | undefined> {
  return await readFile(path, 'utf8').catch(unlessMissing);
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

async function writeText(path: string, text: string, flags: 'w' | 'wx'): Promise<void> {
  const file = await open(path, flags, 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(dir: string): Promise<void> {
  const folder = await open(dir, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
