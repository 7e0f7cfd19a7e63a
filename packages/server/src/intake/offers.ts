import { decodeOffer, type Offer, type OfferReply, ROUTES } from '@fr/protocol';
import type { FastifyInstance } from 'fastify';
import { callerOf, type Guard } from '../access/guard.ts';
import { sendPacked } from '../http/messages.ts';
import { offerReplySchema, offerSchema } from '../operations/schemas.ts';

/** What the route needs. */
export interface OffersOptions {
  /** Merges the totals and says what is wanted; see `answerOffer` of `@fr/sync`. */
  readonly answer: (offer: Offer, caller: string) => Promise<OfferReply>;
  readonly guard: Guard;
}

/** `POST /v1/offers`: what a site has, before anything else; the reply says what is wanted of it. */
export async function offersIntake(app: FastifyInstance, options: OffersOptions): Promise<void> {
  app.post(
    ROUTES.offers,
    {
      onRequest: options.guard,
      schema: {
        summary: 'Offer buckets and totals; learn what is wanted',
        body: offerSchema,
        response: { 200: offerReplySchema },
      },
    },
    async (request, reply) =>
      sendPacked(request, reply, await options.answer(decodeOffer(request.body), callerOf(request))),
  );
}
