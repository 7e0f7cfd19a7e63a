/**
 * How bodies come in and go out: messages in msgpack or JSON through the one hardened gate, entries as untouched
 * streams, every error as a problem document.
 * @module
 */
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { MAX_MESSAGE_BYTES, MEDIA_TYPE } from '@fr/protocol';
import { compress, decodeMessage, decompress, encodeMessage, messageFormat } from '@fr/protocol/wire';
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { noteProblem, problemOf, sendProblem } from './problem-reply.ts';

/** Fastify plugin: register it once, before any route of fr. */
export const messages: FastifyPluginAsync = fastifyPlugin(registerMessages, {
  name: 'fr-messages',
});

async function registerMessages(app: FastifyInstance): Promise<void> {
  app.removeAllContentTypeParsers();
  for (const mediaType of [MEDIA_TYPE.msgpack, MEDIA_TYPE.json]) {
    app.addContentTypeParser(mediaType, { parseAs: 'buffer', bodyLimit: MAX_MESSAGE_BYTES }, parseMessage);
  }
  app.addContentTypeParser(MEDIA_TYPE.entry, async (_request: FastifyRequest, stream: unknown) => stream);
  app.setErrorHandler(async (error, request, reply) => {
    const problem = problemOf(error);
    if (problem.code === 'too-large') await forgetBody(request.raw);
    noteProblem(request.log, error, problem, request.url);
    return sendProblem(reply, problem);
  });
  app.setNotFoundHandler((request, reply) =>
    sendProblem(reply, {
      code: 'not-found',
      status: 404,
      detail: `There is no ${request.method} ${request.url.split('?')[0]} here.`,
    }),
  );
}

async function parseMessage(request: FastifyRequest, body: string | Buffer): Promise<unknown> {
  const bytes = await decompress(Buffer.from(body), request.headers['content-encoding']);
  return decodeMessage(bytes, messageFormat(request.headers['content-type']) ?? 'json');
}

/** Sends a message in the format the request was written in (JSON where it had no body). */
export function sendMessage(request: FastifyRequest, reply: FastifyReply, value: unknown): FastifyReply {
  const format = messageFormat(request.headers['content-type']) ?? 'json';
  return reply.header('content-type', MEDIA_TYPE[format]).send(Buffer.from(encodeMessage(value, format)));
}

/** The same, compressed where that is smaller and whoever asks reads it: for replies that are long. */
export function sendPacked(request: FastifyRequest, reply: FastifyReply, value: unknown): FastifyReply {
  const format = messageFormat(request.headers['content-type']) ?? 'json';
  const plain = encodeMessage(value, format);
  const { bytes, encoding } = readsGzip(request) ? compress(plain) : { bytes: plain };
  if (encoding) reply.header('content-encoding', encoding);
  return reply.header('content-type', MEDIA_TYPE[format]).send(Buffer.from(bytes));
}

function readsGzip({ headers }: FastifyRequest): boolean {
  const named = String(headers['accept-encoding'] ?? '').split(',');
  return named.some((each) => /^\s*gzip\s*(;(?!\s*q=0(\.0*)?\s*$)|$)/i.test(each));
}

const FORGET_MS = 5_000;

/**
 * Reads on, for a while, what nobody will look at: a connection that is closed while the other side still writes
 * takes the reply with it, and the sender would learn nothing but a broken pipe.
 */
async function forgetBody(body: Readable): Promise<void> {
  if (body.readableEnded || body.destroyed) return;
  body.resume();
  await finished(body, { writable: false, signal: AbortSignal.timeout(FORGET_MS) }).catch(() => undefined);
}
