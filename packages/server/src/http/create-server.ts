import type { Socket } from 'node:net';
import helmet from '@fastify/helmet';
import Fastify, { type FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { messages } from './messages.ts';
import { problemOf, rawProblem, sendProblem } from './problem-reply.ts';
import { ServerError } from './server-error.ts';

/** What plugins are registered on. */
export type HttpServer = FastifyInstance;

/** How a server is made. */
export interface ServerOptions {
  /** pino level; the log goes to stderr, so that stdout stays for the `ready` line. Default `warn`. */
  readonly logLevel?: string;
}

/**
 * A Fastify instance with the limits every server of fr has: slow senders are cut off (Node checks only every 30 s
 * unless told otherwise), connections are bounded, nothing of a proxy's headers is believed.
 */
export async function createServer(options: ServerOptions = {}): Promise<HttpServer> {
  const app = Fastify({
    loggerInstance: pino({ level: options.logLevel ?? 'warn' }, pino.destination(2)),
    forceCloseConnections: 'idle',
    keepAliveTimeout: 5_000,
    requestTimeout: 300_000,
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 1_000 },
    // What is wrong before there is a route, and before there is a request at all: these too get a problem document.
    frameworkErrors: (error, _request, reply) => {
      sendProblem(reply, problemOf(error));
    },
    clientErrorHandler: answerBadClient,
  }) as unknown as HttpServer;
  app.server.maxConnections = 2_000;
  // The decoders of the protocol check bodies; schemas on routes only describe them.
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
  await app.register(helmet, { contentSecurityPolicy: { directives: { 'default-src': ["'none'"] } } });
  await app.register(messages);
  return app;
}

/** Replies on the bare socket: HTTP that cannot be parsed, headers that are too long or come too slowly. */
function answerBadClient(error: Error & { code?: string }, socket: Socket): void {
  const slow = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
  const problem = slow
    ? new ServerError('malformed', 408, 'The request did not come in time.')
    : new ServerError('malformed', 400, 'This is not an HTTP request that can be read.');
  if (socket.writable && error.code !== 'ECONNRESET') socket.write(rawProblem(problemOf(problem)));
  socket.destroySoon();
}
