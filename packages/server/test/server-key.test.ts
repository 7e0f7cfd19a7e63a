import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { followSuccession, generateSigningKey, presentKey, printSigningKey } from '@fr/protocol/signature';
import { loadServerKey } from '@fr/server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fr-server-key-test-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const KEY = 'server-key.pem';
const NEXT = 'server-key.next.pem';
const CHAIN = 'server-key-succession.json';
const at = (name: string): string => join(dir, name);

describe('the key of a server', () => {
  test('gives way at once and for good, and whoever has pinned any of the last eight follows', async () => {
    const key = await loadServerKey(dir);
    const ids = [key.keyId];
    for (let round = 0; round < 10; round += 1) {
      expect(await key.rotate(1_000 - round)).toBe(ids.at(-1));
      ids.push(key.keyId);
    }
    expect(new Set(ids).size).toBe(11);
    const again = await loadServerKey(dir, { readOnly: true });
    expect(again.keyId).toBe(key.keyId);
    const reached = ids.map((keyId) => typeof followSuccession([keyId], presentKey(again)) !== 'string');
    expect(reached).toEqual([false, false, true, true, true, true, true, true, true, true, true]);
    expect((await readdir(dir)).sort()).toEqual([CHAIN, KEY]);
  });

  test('is the old one after a crash before the link is written, the new one after a crash behind it', async () => {
    const key = await loadServerKey(dir);
    await copyFile(at(KEY), at('old'));
    await writeFile(at(NEXT), printSigningKey(generateSigningKey()));
    expect((await loadServerKey(dir)).keyId).toBe(key.keyId);
    await writeFile(at(NEXT), 'half a k');
    expect((await loadServerKey(dir)).keyId).toBe(key.keyId);
    await key.rotate(1);
    await copyFile(at(KEY), at(NEXT));
    await copyFile(at('old'), at(KEY));
    const after = await loadServerKey(dir);
    expect({ keyId: after.keyId, chain: after.succession }).toEqual({
      keyId: key.keyId,
      chain: key.succession,
    });
    expect(await readdir(dir)).not.toContain(NEXT);
    // A key file from before: it presents itself without a chain that leads elsewhere.
    await copyFile(at('old'), at(KEY));
    expect((await loadServerKey(dir)).succession).toEqual([]);
  });

  test('that is lost gives way without a word, and nobody follows', async () => {
    const key = await loadServerKey(dir);
    await key.rotate(1);
    const lost = await key.rotate(2, { lost: true });
    expect(key.succession).toEqual([]);
    const again = await loadServerKey(dir);
    expect({ keyId: again.keyId, chain: again.succession }).toEqual({ keyId: key.keyId, chain: [] });
    expect(followSuccession([lost], presentKey(key))).toBe('foreign-key');
  });
});
