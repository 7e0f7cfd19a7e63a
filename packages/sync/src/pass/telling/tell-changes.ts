/**
 * Tells the destination what changed, and asks about what it newly wants. Where it turns out to have lost something (a backup
 * was put back there) it is told again from where it is; where it has heard things that this disk has never said (a backup
 * was put back here, or there is a twin) counting goes on under a new epoch, and what was counted until then is told as
 * the totals of a closed one.
 * @module
 */
import type { LeasePurse } from '../leasing/lease-purse.ts';
import type { PassOptions } from '../pass-options.ts';
import type { Progress } from '../progress.ts';
import { bucketsAskedAbout } from './asked-about.ts';
import { type ChangedBucket, changedBuckets, isNews } from './changed-buckets.ts';
import { Conversation } from './conversation.ts';
import { offerParts } from './offer-parts.ts';
import { type Standing, toldTo } from './telling.ts';

/** Each makes the next one likely to be the last; a destination that never agrees is left for the next pass. */
const MAX_ROUNDS = 4;

/** What telling came to. */
export interface Told {
  readonly originId: string;
  readonly purse: LeasePurse | undefined;
}

/** `counts`: whether buckets are told of whose count alone has changed; without news it is only asked otherwise. */
export async function tellChanges(options: PassOptions, progress: Progress, counts: boolean): Promise<Told> {
  let opened = false;
  for (let round = 1; ; round++) {
    const origin = await options.store.identity.origin();
    const conversation = await Conversation.open(options, progress, origin);
    const standing = await tellAll(options, conversation, counts || round > 1);
    if (standing === 'foreign' && !opened) {
      const { epoch } = await options.store.identity.openEpoch();
      progress.newEpoch(epoch);
      opened = true;
    } else if (standing === 'told' || round === MAX_ROUNDS) {
      if (standing === 'told') await askAbout(options, conversation);
      return { originId: origin.id, purse: conversation.purse };
    }
  }
}

async function tellAll(options: PassOptions, conversation: Conversation, counts: boolean): Promise<Standing> {
  if (!conversation.telling.closedTold) await tellClosed(options, conversation);
  const begin = conversation.telling;
  let said = false;
  let reached = toldTo(begin);
  for await (const { buckets, cursor } of changedBuckets(options, begin)) {
    const before = reached;
    if (counts) reached = cursor;
    const news = counts ? buckets : buckets.filter(isNews);
    if (news.length === 0) continue;
    const standing = await tellPage(conversation, news, before, reached);
    if (standing !== 'told') return standing;
    said = true;
  }
  if (said && toldTo(conversation.telling) === reached) return 'told';
  if (counts || said || begin.asking.length > 0)
    return await conversation.say({ buckets: [], cursor: reached });
  // An offer of nothing, without a mark: what is wanted comes down where it has changed, and nobody has to write anything down.
  await conversation.sayClosed(begin.epoch, []);
  return 'told';
}

/** Only with the last part is all of the page told. */
async function tellPage(
  conversation: Conversation,
  buckets: readonly ChangedBucket[],
  before: number,
  cursor: number,
): Promise<Standing> {
  const parts = offerParts(buckets);
  for (const [place, part] of parts.entries()) {
    const isLast = place === parts.length - 1;
    const standing = await conversation.say({ buckets: part, cursor: isLast ? cursor : before });
    if (standing !== 'told') return standing;
  }
  return 'told';
}

/** Before any mark: that it has been told is believed with the first mark behind it that is acknowledged. */
async function tellClosed(options: PassOptions, conversation: Conversation): Promise<void> {
  const { epoch: present } = conversation.telling;
  for (const epoch of await options.store.identity.epochs()) {
    if (epoch === present) continue;
    for await (const { buckets } of changedBuckets(options, conversation.telling, epoch))
      for (const part of offerParts(buckets)) await conversation.sayClosed(epoch, part);
  }
}

/** Offers the buckets that new demands may be about, so that the reply says how many are wanted of each. */
async function askAbout(options: PassOptions, conversation: Conversation): Promise<void> {
  for await (const buckets of bucketsAskedAbout(options, conversation.telling)) {
    for (const part of offerParts(buckets)) {
      const standing = await conversation.say({ buckets: part, cursor: toldTo(conversation.telling) });
      if (standing !== 'told') return;
    }
  }
  await conversation.asked();
}
