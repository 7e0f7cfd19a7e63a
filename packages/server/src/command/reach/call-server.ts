import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { ROUTES } from '@fr/protocol';
import type { Params, Verb } from '../../administration/verb.ts';
import { CommandError } from '../command-error.ts';

/** Where an administration is reached: a folder's socket, or a server's address with an administrator's token. */
export type Endpoint =
  | { readonly socket: string }
  | { readonly url: string; readonly token: string | undefined };

/** Longest silence in milliseconds: reading is quick; an act may be a whole pass over a slow line. */
const SILENCE = { reading: 30_000, acting: 600_000 };

/**
 * Calls a verb of a running server. The error's code is `unreachable` where nobody listens (then nothing was done),
 * `failed` where the connection broke or stayed silent (then it may have been done), `usage` where the parameters make
 * no sense, `refused` for another no.
 */
export async function callServer(
  endpoint: Endpoint,
  verb: Pick<Verb, 'name' | 'acts'>,
  params: Params,
): Promise<unknown> {
  checkAddress(endpoint);
  const path = `${ROUTES.admin}/${verb.name}`;
  const body = verb.acts ? JSON.stringify(params) : undefined;
  const target = verb.acts ? path : `${path}?${queryOf(params)}`;
  const { status, text } = await send(endpoint, target, body).catch((cause: unknown) => {
    throw connectionProblem(endpoint, cause);
  });
  const value = parse(text, status);
  if (status === 200) return value;
  if (typeof value === 'object' && value !== null && 'detail' in value)
    throw new CommandError(isMalformed(value) ? 'usage' : 'refused', String(value.detail));
  throw notOurs(status);
}

function isMalformed(problem: object): boolean {
  return 'code' in problem && problem.code === 'malformed';
}

function checkAddress(endpoint: Endpoint): void {
  if ('socket' in endpoint) return;
  const url = URL.canParse(endpoint.url) ? new URL(endpoint.url) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return;
  throw new CommandError(
    'usage',
    `--server "${endpoint.url}" is not an address; write http://HOST:PORT or https://HOST`,
  );
}

const NOBODY_LISTENS: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

function connectionProblem(endpoint: Endpoint, cause: unknown): CommandError {
  const where = 'socket' in endpoint ? 'the server of this folder' : endpoint.url;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (NOBODY_LISTENS.has(code)) {
    const advice = 'check the address, and whether the server runs';
    return new CommandError('unreachable', `no server answers at ${where} (${code}); ${advice}`, { cause });
  }
  const what = code ?? (cause instanceof Error ? cause.message : String(cause));
  const advice = 'look whether it was done before you repeat it';
  return new CommandError('failed', `${where} took the call and gave no whole answer (${what}); ${advice}`, {
    cause,
  });
}

function send(
  endpoint: Endpoint,
  path: string,
  body: string | undefined,
): Promise<{ readonly status: number; readonly text: string }> {
  const headers: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  const options: RequestOptions = { method: body === undefined ? 'GET' : 'POST', headers };
  const silence = body === undefined ? SILENCE.reading : SILENCE.acting;
  return new Promise((resolve, reject) => {
    const take = (response: IncomingMessage): void => {
      const status = response.statusCode ?? 0;
      textOf(response).then((text) => resolve({ status, text }), reject);
    };
    const request =
      'socket' in endpoint
        ? httpRequest({ ...options, socketPath: endpoint.socket, path, agent: false }, take)
        : sendToUrl(endpoint, path, options, headers, take);
    request.setTimeout(silence, () => request.destroy(new Error(`silent for ${silence / 1000} s`)));
    request.on('error', reject);
    request.end(body);
  });
}

function sendToUrl(
  endpoint: { readonly url: string; readonly token: string | undefined },
  path: string,
  options: RequestOptions,
  headers: Record<string, string>,
  resolve: (response: IncomingMessage) => void,
): ReturnType<typeof httpRequest> {
  const url = new URL(path, endpoint.url);
  if (endpoint.token !== undefined) headers['authorization'] = `Bearer ${endpoint.token}`;
  return (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, { ...options, agent: false }, resolve);
}

function queryOf(params: Params): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    for (const item of Array.isArray(value) ? value : [value])
      if (item !== undefined) query.append(name, String(item));
  }
  return query.toString();
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string, status: number): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw notOurs(status, cause);
  }
}

function notOurs(status: number, cause?: unknown): CommandError {
  const detail = `what answers there (status ${status}) is not a server of fr; check the address`;
  return new CommandError('refused', detail, { cause });
}
