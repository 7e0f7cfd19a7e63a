import type { TokenPrefix } from '@fr/protocol/signature';
import type { FastifyRequest } from 'fastify';
import { ServerError } from '../http/server-error.ts';
import type { Access } from './access.ts';

/** What a guard looks at: a request of the framework, or one that does not come so far. */
export type Caller = Pick<FastifyRequest, 'headers' | 'socket'>;

/** Decides whether a request may go on; throws a {@link ServerError} (401) otherwise. Run before the body is read. */
export type Guard = (request: Caller) => Promise<void>;

const callers = new WeakMap<Caller, string>();

/** Name of the token a request was let in with; empty where none was needed. */
export function callerOf(request: FastifyRequest): string {
  return callers.get(request) ?? '';
}

const HOLDER: Readonly<Record<TokenPrefix, string>> = {
  frs: 'a site token (frs_…, from `fr-destination sites add NAME`)',
  frk: 'a reporter key (frk_…, from `fr-admin keys add NAME`)',
  fra: "an administrator's token (fra_…, from `fr-admin keys add NAME --role administrator`)",
};

/** Lets pass who holds a token of this kind. */
export function tokenGuard(access: Access, prefix: TokenPrefix): Guard {
  return async (request) => {
    const token = await access.bearer(request.headers.authorization, prefix);
    if (token) {
      callers.set(request, token.name);
      return;
    }
    throw new ServerError('unauthorized', 401, `This route needs ${HOLDER[prefix]}.`);
  };
}

/**
 * Lets reporters pass: with a reporter key from anywhere, without one only from this machine. A token of another
 * kind (the vendor's site token, say) is refused even from here: whoever sends it has mixed up two servers.
 */
export function reporterGuard(access: Access): Guard {
  const withKey = tokenGuard(access, 'frk');
  return async (request) => {
    if (request.headers.authorization === undefined && isLoopback(request.socket.remoteAddress)) return;
    await withKey(request);
  };
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && (/^(::ffff:)?127\./.test(address) || address === '::1');
}

/** Lets everybody pass: for the administration socket, whose file permissions are the guard. */
export async function openGuard(): Promise<void> {}
