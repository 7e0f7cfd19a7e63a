import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { type EntryPart, type EntryReply, informationType, ROUTES } from '@fr/protocol';
import { normaliseId } from '@fr/protocol/ids';
import type { AddResult, EntryGate } from '@fr/store';
import type { FastifyInstance } from 'fastify';
import { callerOf, type Guard } from '../access/guard.ts';
import { sendMessage } from '../http/messages.ts';
import { ServerError } from '../http/server-error.ts';
import { entryReplySchema } from '../operations/schemas.ts';
import { type FencesOptions, fencesOf, holdBackContinue, letSend } from './fences.ts';
import { forgetSome } from './forgetting.ts';
import { givePatience } from './patience.ts';

/** What the route needs. */
export interface EntriesOptions extends FencesOptions {
  /** Takes in one frame durably; see `Entries.add` of the store. */
  readonly add: (frame: AsyncIterable<Uint8Array>, gate: EntryGate, receivedAt: number) => Promise<AddResult>;
  /**
   * Says yes or no when the header is there and before the payload is read. `caller`: name of the token, if any;
   * `fences`: of its leases in force.
   */
  readonly gate: (caller: string, fences: readonly number[]) => EntryGate;
  /** Called after an entry was stored. */
  readonly onStored?: () => Promise<void>;
  readonly guard: Guard;
  readonly now?: () => number;
}

const REFUSALS = ['not-needed', 'lease-needed', 'refused-by-policy'] as const;

/**
 * `PUT /v1/entries/{entryId}`: 201 stored, 200 duplicate, 409 `not-needed`, `lease-over` or `lease-needed`, 403
 * `refused-by-policy`. The body is an entry frame and is streamed to its file; the reply comes only after it is durable.
 */
export async function entriesIntake(app: FastifyInstance, options: EntriesOptions): Promise<void> {
  const now = options.now ?? Date.now;
  holdBackContinue(app);
  app.put<{ Params: { entryId: string } }>(
    ROUTES.entry(':entryId'),
    {
      onRequest: options.guard,
      schema: { summary: 'Hand in one entry', response: { 200: entryReplySchema, 201: entryReplySchema } },
    },
    async (request, reply) => {
      const entryId = normaliseId(request.params.entryId);
      if (entryId === undefined)
        throw new ServerError('malformed', 400, 'The entry id in the path is not a UUID.');
      if (!(request.body instanceof Readable))
        throw new ServerError('unsupported-media-type', 415, 'Send an entry frame as the body.');
      const fences = await fencesOf(request, entryId, options);
      letSend(request, reply.raw);
      const gate: EntryGate = async (header) => {
        if (header.entryId !== entryId) {
          throw new ServerError('malformed', 400, 'The entry id in the path is not the one in the header.');
        }
        refuseAboveCap(header.parts);
        return await options.gate(callerOf(request), fences)(header);
      };
      // A refusal ends the reading early; the connection has to live on for the reply.
      const frame = request.body.iterator({ destroyOnReturn: false });
      const done = givePatience(app.server, request.raw);
      const added = await options.add(frame, gate, now()).finally(() => {
        done();
        return drain(request.raw, frame);
      });
      if (added.result === 'refused') throw refusal(added.reason);
      options.leases?.spend(fences);
      if (added.result === 'stored') await options.onStored?.();
      const { result, entry } = added;
      reply.code(result === 'stored' ? 201 : 200);
      return sendMessage(request, reply, { entryId, result, digest: entry.digest } satisfies EntryReply);
    },
  );
}

/** Reads and forgets what is left of a body, so that the connection can carry the next request. */
async function drain(body: IncomingMessage, reading: AsyncIterator<unknown>): Promise<void> {
  await reading.return?.();
  // Later, because resuming has no effect until the iterator's own listener is off, a tick from now.
  setImmediate(() => forgetSome(body));
}

/** What only a newer peer knows may be as large as a minidump. */
const UNKNOWN_TYPE_CAP = 64 * 1024 * 1024;

function refuseAboveCap(parts: readonly EntryPart[]): void {
  for (const { type, bytes } of parts) {
    const cap = informationType(type)?.cap ?? UNKNOWN_TYPE_CAP;
    if (bytes <= cap) continue;
    throw new ServerError(
      'too-large',
      413,
      `The part "${type}" has ${bytes} bytes; at most ${cap} are taken.`,
    );
  }
}

function refusal(reason: string): ServerError {
  const code = REFUSALS.find((known) => reason === known || reason.startsWith(`${known}:`)) ?? 'not-needed';
  const status = code === 'refused-by-policy' ? 403 : 409;
  return new ServerError(code, status, `This entry is not taken: ${reason}.`);
}
