import { readFile } from 'node:fs/promises';
import { checkSeal, fingerprint, siteMark } from '@fr/protocol/signature';
import { readBundle } from '@fr/protocol/wire';
import { expect, test } from 'vitest';

test('the bundle of the vectors is read, sealed and for the site it says', async () => {
  const vector = JSON.parse(
    await readFile(new URL('./vectors/bundle.json', import.meta.url), 'utf8'),
  ) as Readonly<Record<'bundle' | 'tokenHash' | 'keyId', string>> & { readonly records: readonly string[] };
  async function* letters() {
    for (const letter of vector.bundle) yield Buffer.from(letter);
  }
  const records: string[] = [];
  for await (const piece of readBundle(letters())) {
    if (piece.kind === 'head') {
      expect(piece.head.site).toBe(siteMark(vector.tokenHash));
      expect(fingerprint(piece.head.key)).toBe(vector.keyId);
      records.push(piece.head.key);
    } else if (piece.kind === 'record') records.push(piece.name);
    else {
      const [publicKey = ''] = records.splice(0, 1);
      expect(checkSeal(piece.seal, { publicKey, hash: vector.tokenHash })).toBeUndefined();
    }
  }
  expect(records).toEqual(vector.records);
});
