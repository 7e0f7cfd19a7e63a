import { decodeLeaseRequest, type LeaseReply, type LeaseRequest, ROUTES } from '@fr/protocol';
import type { FastifyInstance } from 'fastify';
import { callerOf, type Guard } from '../access/guard.ts';
import { sendPacked } from '../http/messages.ts';
import { leaseReplySchema, leaseRequestSchema } from '../operations/schemas.ts';

/** What the route needs. */
export interface LeasesOptions {
  /** Gives, renews and takes back; see `answerLeases` and `answerReporterLeases` of `@fr/sync`. */
  readonly answer: (request: LeaseRequest, caller: string) => Promise<LeaseReply>;
  /**
   * Resolves when what was given is written down. Awaited before each reply, so that whoever looks at the folder finds the lease
   * that its holder has heard of, and when the server closes.
   */
  readonly settled?: () => Promise<void>;
  readonly guard: Guard;
}

/** `POST /v1/leases`: who may bring which of the samples that are wanted, until when. */
export async function leasesIntake(app: FastifyInstance, options: LeasesOptions): Promise<void> {
  app.addHook('onClose', async () => options.settled?.());
  app.post(
    ROUTES.leases,
    {
      onRequest: options.guard,
      schema: {
        summary: 'Ask for leases, renew them, give them back',
        body: leaseRequestSchema,
        response: { 200: leaseReplySchema },
      },
    },
    async (request, reply) => {
      const answer = await options.answer(decodeLeaseRequest(request.body), callerOf(request));
      await options.settled?.();
      return sendPacked(request, reply, answer);
    },
  );
}
