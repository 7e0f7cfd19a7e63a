import type { Bucket } from '@fr/bucket';
import { bucketKey } from '@fr/bucket';
import {
  type DropReport,
  decodeHitsRequest,
  type Hit,
  type HitsReply,
  type HitsRequest,
  ROUTES,
  type SignedAnswer,
  type SignedDemand,
} from '@fr/protocol';
import { presentKey, type SigningKey } from '@fr/protocol/signature';
import { createHitsReader, encodeMessage } from '@fr/protocol/wire';
import type { FastifyInstance } from 'fastify';
import type { Guard } from '../access/guard.ts';
import { sendMessage } from '../http/messages.ts';
import { openShortWay } from '../http/short-way.ts';
import { hitsReplySchema, hitsRequestSchema, nothingSchema } from '../operations/schemas.ts';
import { gatherHits, type RecordHits } from './gather-hits.ts';
import type { Told } from './told.ts';

/** What the route needs. */
export interface HitsOptions {
  /** Counts durably; see `Hits.record` of the store. */
  readonly record: RecordHits;
  /** Counts what reporters have given up; see `Hits.recordDrops` of the store. */
  readonly recordDrops: (report: DropReport, receivedAt: number) => Promise<unknown>;
  /** What is wanted for a bucket that was just reported. */
  readonly demandsFor: (bucket: Bucket) => Told<SignedDemand>;
  /** What is told about a bucket that was just reported. Default: nothing. */
  readonly answersFor?: (bucket: Bucket) => Told<SignedAnswer>;
  /** The site's key, as it is presented; looked at with every request, since it may give way to another. */
  readonly key: Pick<SigningKey, 'publicKey' | 'succession'>;
  readonly guard: Guard;
  readonly now?: () => number;
}

/**
 * `POST /v1/hits`: 204 when all was counted and nothing is wanted or told, else 200 with results, demands and answers. Answered only
 * after the counts are durable. A test is answered and leaves no trace.
 */
export async function hitsIntake(app: FastifyInstance, given: HitsOptions): Promise<void> {
  const options = { ...given, record: gatherHits(given.record) };
  const read = createHitsReader();
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
      const said = await answerHits(decodeHitsRequest(request.body), options);
      return said ? sendMessage(request, reply, said) : reply.code(204).send();
    },
  );
  openShortWay(app, {
    path: ROUTES.hits,
    guard: options.guard,
    answer: async (body) => {
      const said = await answerHits(read(body), options);
      return said && encodeMessage(said, 'msgpack');
    },
  });
}

/** Nothing: all was counted, and there is nothing to say. */
async function answerHits(request: HitsRequest, options: HitsOptions): Promise<HitsReply | undefined> {
  const { hits, drops, test } = request;
  if (test === true) return { results: [], demands: [], ...presentKey(options.key) };
  const receivedAt = (options.now ?? Date.now)();
  const counted = options.record(hits, receivedAt);
  if (drops) await Promise.all([counted, options.recordDrops(drops, receivedAt)]);
  const results = await counted;
  const { demands, answers } = await consequencesOf(hits, options);
  const all = results.every(({ result }) => result !== 'refused');
  if (demands.length === 0 && answers.size === 0 && all) return undefined;
  return { results, demands, ...(answers.size > 0 && { answers: [...answers] }), ...presentKey(options.key) };
}

async function consequencesOf(
  hits: readonly Hit[],
  { demandsFor, answersFor }: HitsOptions,
): Promise<{ readonly demands: readonly SignedDemand[]; readonly answers: ReadonlySet<SignedAnswer> }> {
  const demands: SignedDemand[] = [];
  const answers = new Set<SignedAnswer>();
  for (const bucket of bucketsOf(hits)) {
    const wanted = demandsFor(bucket);
    for (const demand of wanted instanceof Promise ? await wanted : wanted) demands.push(demand);
    const told = answersFor?.(bucket) ?? [];
    for (const answer of told instanceof Promise ? await told : told) answers.add(answer);
  }
  return { demands, answers };
}

/** Each once; one hit alone needs no comparing. */
function bucketsOf(hits: readonly Hit[]): readonly Bucket[] {
  if (hits.length === 1) return hits.map(({ bucket }) => bucket);
  const met = new Set(hits.map(({ bucket }) => bucket));
  return [...new Map([...met].map((bucket) => [bucketKey(bucket), bucket])).values()];
}
