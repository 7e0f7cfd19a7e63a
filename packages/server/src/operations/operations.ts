import swagger from '@fastify/swagger';
import { ROUTES } from '@fr/protocol';
import type { FastifyInstance } from 'fastify';
import { Gauge, Registry } from 'prom-client';

/** How many of something had an outcome; the store's counts fit, and so does what a server counts itself. */
export interface CountedOutcome {
  readonly of: string;
  readonly outcome: string;
  readonly reason: string;
  readonly count: number;
}

/** What the operations routes show. */
export interface OperationsOptions {
  /** Name and version in `/openapi.json`. */
  readonly title: string;
  readonly version: string;
  /** Outcome counts, the store's and others, for `/metrics`. */
  readonly outcomes: () => Promise<readonly CountedOutcome[]>;
  /** Whether reports can be taken; 503 on `/health/ready` while not. */
  readonly ready: () => boolean;
}

/** Announces `/openapi.json`; register it before the routes it shall describe. */
export async function describeApi(
  app: FastifyInstance,
  options: Pick<OperationsOptions, 'title' | 'version'>,
): Promise<void> {
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title: options.title, version: options.version } },
  });
  app.get(ROUTES.openapi, { schema: { hide: true } }, async () => app.swagger());
}

/** Health and metrics. None of them touches the disk's writing side, so a slow disk does not freeze them. */
export async function operations(app: FastifyInstance, options: OperationsOptions): Promise<void> {
  const registry = new Registry();
  const gauge = new Gauge({
    name: 'fr_outcomes_total',
    help: 'What became of everything received, by outcome and reason, since the store was made',
    labelNames: ['of', 'outcome', 'reason'],
    registers: [registry],
  });
  app.get(ROUTES.live, { schema: { summary: 'The process answers' } }, async () => ({ status: 'live' }));
  app.get(ROUTES.ready, { schema: { summary: 'Reports can be taken' } }, async (_request, reply) => {
    const ready = options.ready();
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready' });
  });
  app.get(
    ROUTES.metrics,
    { schema: { summary: 'Counts in the Prometheus text format' } },
    async (_request, reply) => {
      gauge.reset();
      for (const { of, outcome, reason, count } of await options.outcomes())
        gauge.set({ of, outcome, reason }, count);
      return reply.header('content-type', registry.contentType).send(await registry.metrics());
    },
  );
}
