/**
 * The fences of an upload, looked at before anything of its body is read: a client that waits for `100 Continue` has sent
 * nothing yet, and one that does not is told while it sends.
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { LEASE_HEADER, parseFences } from '@fr/protocol';
import type { LeaseDesk } from '@fr/sync';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { callerOf } from '../access/guard.ts';
import { ServerError } from '../http/server-error.ts';
import { forgetSome } from './forgetting.ts';

/** Where the fences of uploads are known. */
export interface FencesOptions {
  /** Default: no leases; what uploads show is not looked at. */
  readonly leases?: Pick<LeaseDesk, 'find' | 'spend'>;
  /** Whether an entry is here already: a repeat of what was stored has no lease any more. */
  readonly isHeld?: (entryId: string) => Promise<boolean>;
}

/** The fences of a request that are in force. Throws 409 `lease-over` where one is not, unless the entry is here already. */
export async function fencesOf(
  request: FastifyRequest,
  entryId: string,
  { leases, isHeld }: FencesOptions,
): Promise<readonly number[]> {
  const header = request.headers[LEASE_HEADER];
  const fences = parseFences(Array.isArray(header) ? header.join(', ') : header);
  if (fences === undefined)
    throw new ServerError('malformed', 400, `The header ${LEASE_HEADER} is not a list of fences.`);
  if (!leases) return [];
  const own = `${callerOf(request)} `;
  const live = fences.filter((fence) => leases.find(fence)?.holder.startsWith(own));
  if (live.length === fences.length || (await isHeld?.(entryId))) return live;
  forgetSome(request.raw);
  throw new ServerError(
    'lease-over',
    409,
    'A lease of this upload is not in force any more; ask for a new one.',
  );
}

const waiting = new WeakSet<IncomingMessage>();

/** Leaves `100 Continue` to {@link letSend} for uploads of entries; everything else gets it at once, as Node does. */
export function holdBackContinue(app: FastifyInstance): void {
  app.server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    if (request.method === 'PUT') waiting.add(request);
    else response.writeContinue();
    app.server.emit('request', request, response);
  });
}

/** Tells a client that waits to send its body. */
export function letSend({ raw }: FastifyRequest, response: ServerResponse): void {
  if (waiting.delete(raw)) response.writeContinue();
}
