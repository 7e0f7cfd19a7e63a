import type { OfferedBucket } from '@fr/protocol';
import { demandsTag } from '../demand/demands-tag.ts';
import { openOf } from '../pass/telling/accept-heard.ts';
import { changedBuckets } from '../pass/telling/changed-buckets.ts';
import { composeOffer, printOffer, type Saying } from '../pass/telling/conversation.ts';
import { offerParts } from '../pass/telling/offer-parts.ts';
import { acknowledged, freshNonce, readTelling, toldTo } from '../pass/telling/telling.ts';
import type { PreviewOptions } from './preview-pass.ts';

/** The offers of the next pass if its destination takes them: which buckets, and how many bytes. */
export async function planOffers(
  options: PreviewOptions,
): Promise<{ readonly buckets: readonly OfferedBucket[]; readonly bytes: number }> {
  const { store, to } = options;
  let telling = await readTelling(options, await store.hits.origin());
  const tag = demandsTag(openOf(await store.demands.list(), to));
  const told: OfferedBucket[] = [];
  let bytes = 0;
  function say(saying: Saying): void {
    const nonce = freshNonce(options);
    const composed = composeOffer(telling, saying, tag, nonce);
    bytes += printOffer(composed.offer).bytes.byteLength;
    telling = acknowledged(composed.telling, { cursor: saying.cursor, nonce });
    told.push(...saying.buckets.map(({ bucket, hits, holds }) => ({ bucket, hits, holds })));
  }
  for await (const { buckets, cursor } of changedBuckets(options, telling))
    for (const part of offerParts(buckets)) say({ buckets: part, cursor });
  if (bytes === 0) say({ buckets: [], cursor: toldTo(telling) });
  return { buckets: told, bytes };
}
