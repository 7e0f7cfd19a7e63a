/**
 * The short way: requests of one route answered from Node's own server, before the framework sees them. For the route
 * on which all crashes of a building arrive: of what such a request costs, the framework, its hooks and its headers
 * were more than half. Only plain requests take it (a small msgpack body of a stated length, as reporters send); all
 * others take the long way, to the same answer.
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { MEDIA_TYPE } from '@fr/protocol';
import type { FastifyInstance } from 'fastify';
import type { Caller } from '../access/guard.ts';
import { noteProblem, problemHeaders, problemOf } from './problem-reply.ts';
import { ServerError } from './server-error.ts';

/** Bodies above it take the long way. */
const MAX_BYTES = 64 * 1024;

/** What the framework's plugin says of every reply, as far as it concerns one that is no page. */
const SAFE = { 'x-content-type-options': 'nosniff', 'content-security-policy': "default-src 'none'" };

export interface ShortWay {
  /** Path of a POST. */
  readonly path: string;
  readonly guard: (caller: Caller) => Promise<void>;
  /** Takes a msgpack body and gives one, or nothing for a 204. Throws what {@link problemOf} knows. */
  readonly answer: (body: Uint8Array) => Promise<Uint8Array | undefined>;
}

/** Puts the short way before whatever answers the server's requests now. */
export function openShortWay(app: FastifyInstance, way: ShortWay): void {
  const { server, log } = app;
  const longWay = server.listeners('request');
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (request.url !== way.path || !isPlain(request)) {
      for (const listener of longWay) listener.call(server, request, response);
      return;
    }
    if (!server.listening) response.setHeader('connection', 'close');
    goShortWay(way, request, response).catch((error: unknown) => {
      const problem = problemOf(error);
      noteProblem(log, error, problem, way.path);
      if (response.headersSent || response.destroyed) return;
      const { headers, body } = problemHeaders(problem);
      response.writeHead(problem.status, { ...SAFE, ...headers }).end(body);
    });
  });
}

function isPlain({ method, headers }: IncomingMessage): boolean {
  return (
    method === 'POST' &&
    headers['content-type'] === MEDIA_TYPE.msgpack &&
    headers['content-encoding'] === undefined &&
    Number(headers['content-length']) <= MAX_BYTES
  );
}

function goShortWay(way: ShortWay, request: IncomingMessage, response: ServerResponse): Promise<void> {
  return way
    .guard(request)
    .then(() => bodyOf(request))
    .then(way.answer)
    .then((reply) => {
      if (reply === undefined) response.writeHead(204).end();
      else
        response
          .writeHead(200, { ...SAFE, 'content-type': MEDIA_TYPE.msgpack, 'content-length': reply.byteLength })
          .end(reply);
    });
}

/** Node has seen to it that it is as long as it was said to be. */
function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    request.on('close', () => {
      if (!request.readableEnded) reject(new ServerError('malformed', 400, 'The request broke off.'));
    });
  });
}
