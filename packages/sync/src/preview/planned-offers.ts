import type { OfferedBucket } from '@fr/protocol';
import { demandsTag } from '../demand/demands-tag.ts';
import { openOf } from '../pass/telling/accept-heard.ts';
import { changedBuckets } from '../pass/telling/changed-buckets.ts';
import { composeOffer, printOffer, type Saying } from '../pass/telling/conversation.ts';
import { offerParts } from '../pass/telling/offer-parts.ts';
import { acknowledged, freshNonce, readTelling, toldTo } from '../pass/telling/telling.ts';
import type { PreviewOptions } from './preview-pass.ts';

/** The offers of the next pass if its destination takes them. */
export interface PlannedOffers {
  /** The first so many buckets. */
  readonly buckets: readonly OfferedBucket[];
  readonly count: number;
  readonly bytes: number;
}

/** Which buckets the next pass tells of, the first `most` of them, how many there are, and how many bytes that is. */
export async function planOffers(options: PreviewOptions, most: number): Promise<PlannedOffers> {
  const { store, to } = options;
  let telling = await readTelling(options, await store.identity.origin());
  const tag = demandsTag(openOf(await store.demands.list(), to));
  const told: OfferedBucket[] = [];
  let [count, bytes] = [0, 0];
  function say(saying: Saying): void {
    const nonce = freshNonce(options);
    const composed = composeOffer(telling, saying, tag, nonce);
    bytes += printOffer(composed.offer).bytes.byteLength;
    telling = acknowledged(composed.telling, { cursor: saying.cursor, nonce });
    const shown = saying.buckets.slice(0, Math.max(0, most - told.length));
    told.push(...shown.map(({ bucket, hits, holds }) => ({ bucket, hits, holds })));
    count += saying.buckets.length;
  }
  for await (const { buckets, cursor } of changedBuckets(options, telling))
    for (const part of offerParts(buckets)) say({ buckets: part, cursor });
  if (bytes === 0) say({ buckets: [], cursor: toldTo(telling) });
  return { buckets: told, count, bytes };
}
