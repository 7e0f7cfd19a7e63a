import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { ROUTES } from '@fr/protocol';
import type { Params, Verb } from '../administration/verb.ts';
import { CommandError } from './command-error.ts';

/** Where an administration is reached: a folder's socket, or a server's address with an administrator's token. */
export type Endpoint =
  | { readonly socket: string }
  | { readonly url: string; readonly token: string | undefined };

/** Calls a verb of a running server. `unreachable` in the error's code when nobody answers. */
export async function callServer(
  endpoint: Endpoint,
  verb: Pick<Verb, 'name' | 'acts'>,
  params: Params,
): Promise<unknown> {
  const path = `${ROUTES.admin}/${verb.name}`;
  const body = verb.acts ? JSON.stringify(params) : undefined;
  const target = verb.acts ? path : `${path}?${queryOf(params)}`;
  const where = 'socket' in endpoint ? endpoint.socket : endpoint.url;
  const response = await send(endpoint, target, body).catch((cause: unknown) => {
    if (nobodyListens(cause))
      throw new CommandError('unreachable', `no server answers at ${where}`, { cause });
    throw new CommandError(
      'failed',
      `the server at ${where} ended before it answered; what was asked may be half done`,
      { cause },
    );
  });
  const text = await textOf(response);
  const value = parse(text, response);
  if (response.statusCode === 200) return value;
  const detail =
    typeof value === 'object' && value !== null && 'detail' in value
      ? String(value.detail)
      : text.slice(0, 200);
  throw new CommandError('refused', detail);
}

/** Whether no connection came about at all: only then is it certain that nothing was begun. */
function nobodyListens(cause: unknown): boolean {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return !['ECONNRESET', 'EPIPE'].includes(code);
}

function send(endpoint: Endpoint, path: string, body: string | undefined): Promise<IncomingMessage> {
  const headers: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  const options: RequestOptions = { method: body === undefined ? 'GET' : 'POST', headers };
  return new Promise((resolve, reject) => {
    const request =
      'socket' in endpoint
        ? httpRequest({ ...options, socketPath: endpoint.socket, path, agent: false }, resolve)
        : sendToUrl(endpoint, path, options, headers, resolve);
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

function parse(text: string, response: IncomingMessage): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CommandError(
      'refused',
      `what answers there (status ${response.statusCode}) is not a server of fr`,
      { cause },
    );
  }
}
