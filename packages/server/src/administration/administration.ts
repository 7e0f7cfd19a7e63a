import { ROUTES } from '@fr/protocol';
import type { FastifyInstance } from 'fastify';
import type { Guard } from '../access/guard.ts';
import type { Params, Verb } from './verb.ts';

/** What the routes need. */
export interface AdministrationOptions {
  readonly verbs: readonly Verb[];
  readonly guard: Guard;
}

/** `GET /v1/admin/<verb>` for what is read, `POST` for what acts; no state ever changes by a `GET`. */
export async function administration(app: FastifyInstance, options: AdministrationOptions): Promise<void> {
  for (const verb of options.verbs) {
    const url = `${ROUTES.admin}/${verb.name}`;
    app.route({
      method: verb.acts ? 'POST' : 'GET',
      url,
      onRequest: options.guard,
      schema: { summary: `Administration: ${verb.name}` },
      handler: async (request, reply) => {
        const params = (verb.acts ? request.body : request.query) ?? {};
        const value = (await verb.run(params as Params)) ?? null;
        return reply.header('content-type', 'application/json').send(Buffer.from(JSON.stringify(value)));
      },
    });
  }
}
