import type { Bucket } from '@fr/bucket';
import { bucketId } from '@fr/bucket';
import {
  type DropReport,
  decodeHitsRequest,
  type Hit,
  type HitResult,
  type HitsReply,
  ROUTES,
  type SignedAnswer,
  type SignedDemand,
} from '@fr/protocol';
import type { FastifyInstance } from 'fastify';
import type { Guard } from '../access/guard.ts';
import { sendMessage } from '../http/messages.ts';
import { hitsReplySchema, hitsRequestSchema, nothingSchema } from '../operations/schemas.ts';

/** What the route needs. */
export interface HitsOptions {
  /** Counts durably; see `Hits.record` of the store. */
  readonly record: (hits: readonly Hit[], receivedAt: number) => Promise<readonly HitResult[]>;
  /** Counts what reporters have given up; see `Hits.recordDrops` of the store. */
  readonly recordDrops: (report: DropReport, receivedAt: number) => Promise<unknown>;
  /** What is wanted for a bucket that was just reported. */
  readonly demandsFor: (bucket: Bucket) => Promise<readonly SignedDemand[]>;
  /** What is told about a bucket that was just reported. Default: nothing. */
  readonly answersFor?: (bucket: Bucket) => Promise<readonly SignedAnswer[]>;
  /** The site's public key, base64url. */
  readonly publicKey: string;
  readonly guard: Guard;
  readonly now?: () => number;
}

/**
 * `POST /v1/hits`: 204 when all was counted and nothing is wanted or told, else 200 with results, demands and answers. Answered only
 * after the counts are durable. A test is answered and leaves no trace.
 */
export async function hitsIntake(app: FastifyInstance, options: HitsOptions): Promise<void> {
  const now = options.now ?? Date.now;
  app.post(
    ROUTES.hits,
    {
      onRequest: options.guard,
      schema: {
        summary: 'Report hits; learn what is wanted for their buckets',
        body: hitsRequestSchema,
        response: { 200: hitsReplySchema, 204: nothingSchema },
      },
    },
    async (request, reply) => {
      const { hits, drops, test } = decodeHitsRequest(request.body);
      if (test === true) {
        const nothing: HitsReply = { results: [], demands: [], key: options.publicKey };
        return sendMessage(request, reply, nothing);
      }
      const receivedAt = now();
      const [results] = await Promise.all([
        options.record(hits, receivedAt),
        drops && options.recordDrops(drops, receivedAt),
      ]);
      const buckets = bucketsOf(hits);
      const demands = (await Promise.all(buckets.map(options.demandsFor))).flat();
      const answers = await answersTo(buckets, options);
      const all = results.every(({ result }) => result !== 'refused');
      if (demands.length === 0 && answers.length === 0 && all) return reply.code(204).send();
      const said = answers.length === 0 ? {} : { answers };
      const message: HitsReply = { results, demands, ...said, key: options.publicKey };
      return sendMessage(request, reply, message);
    },
  );
}

/** Each once; one hit alone needs no comparing. */
function bucketsOf(hits: readonly Hit[]): readonly Bucket[] {
  if (hits.length === 1) return hits.map(({ bucket }) => bucket);
  return [...new Map(hits.map(({ bucket }) => [bucketId(bucket), bucket])).values()];
}

async function answersTo(
  buckets: readonly Bucket[],
  { answersFor }: HitsOptions,
): Promise<readonly SignedAnswer[]> {
  if (!answersFor) return [];
  const answers = (await Promise.all(buckets.map(answersFor))).flat();
  return [...new Set(answers)];
}
