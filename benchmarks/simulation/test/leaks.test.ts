import { compress, decodeMessage, encodeMessage } from '@fr/protocol/wire';
import type { Destination } from '@fr/sync';
import { expect, test } from 'vitest';
import { canary, UNLISTED } from '../src/actors/catalog.ts';
import { inflated } from '../src/actors/vendor.ts';
import { simulate } from '../src/simulate.ts';

/** A site whose offers say something besides, so often that they travel packed. */
function saying(leak: string): (destination: Destination) => Destination {
  return (destination) => ({
    lease: (...request) => destination.lease(...request),
    upload: (...entry) => destination.upload(...entry),
    offer: async (offer, body, { signal, encoding } = {}) => {
      const said = decodeMessage(inflated(body, encoding), 'msgpack') as object;
      const packed = compress(encodeMessage({ ...said, besides: leak.repeat(100) }, 'msgpack'));
      expect(Buffer.from(packed.bytes).includes(leak)).toBe(false);
      return await destination.offer(offer, packed.bytes, { signal, encoding: packed.encoding });
    },
  });
}

for (const [what, leak, words] of [
  ['the name of an unlisted program', UNLISTED, 'the name of an unlisted program leaves'],
  ['the content of a part', canary('environment'), 'environment leaves in a message'],
] as const) {
  test(`${what} is seen in an offer however it is packed`, async () => {
    const { failures } = await simulate({ seed: 1, mutation: { destination: saying(leak) } });
    expect(failures.some((failure) => failure.includes(words))).toBe(true);
  });
}
