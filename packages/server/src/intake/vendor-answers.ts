import { type AnswersReply, type AnswersRequest, decodeAnswersRequest, ROUTES } from '@fr/protocol';
import type { FastifyInstance } from 'fastify';
import { callerOf, type Guard } from '../access/guard.ts';
import { sendPacked } from '../http/messages.ts';

/** What the route needs. */
export interface VendorAnswersOptions {
  /** What may be told of the buckets of the caller's origin. */
  readonly answer: (request: AnswersRequest, caller: string) => Promise<AnswersReply>;
  readonly guard: Guard;
}

/** `POST /v1/answers`: what a vendor lets a site tell the people at its programs. */
export async function vendorAnswersIntake(
  app: FastifyInstance,
  options: VendorAnswersOptions,
): Promise<void> {
  app.post(
    ROUTES.answers,
    { onRequest: options.guard, schema: { summary: 'Ask what people at programs that failed may be told' } },
    async (request, reply) =>
      sendPacked(request, reply, await options.answer(decodeAnswersRequest(request.body), callerOf(request))),
  );
}
