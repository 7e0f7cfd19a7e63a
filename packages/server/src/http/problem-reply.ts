import { STATUS_CODES } from 'node:http';
import {
  MEDIA_TYPE,
  type ProblemCode,
  ProtocolError,
  type ProtocolErrorCode,
  problemDocument,
} from '@fr/protocol';
import { StoreError, type StoreErrorCode } from '@fr/store';
import { SyncError } from '@fr/sync';
import type { FastifyBaseLogger, FastifyReply } from 'fastify';
import { ServerError } from './server-error.ts';

const PROTOCOL_STATUS: Readonly<Record<ProtocolErrorCode, number>> = {
  malformed: 400,
  'too-large': 413,
  'too-deep': 400,
  'unsupported-media-type': 415,
  'unsupported-encoding': 415,
  'unsupported-version': 400,
  'digest-mismatch': 422,
};

/** Storage trouble as others may know it; the details stay in the log. 503 and 507 are worth a retry. */
const STORE_PROBLEM: Readonly<Partial<Record<StoreErrorCode, readonly [ProblemCode, number, string]>>> = {
  'storage-full': [
    'storage-full',
    507,
    'The disk of this server is full. Nothing of this request was kept; try again later.',
  ],
  busy: [
    'busy',
    503,
    'This server has more to write than its disk takes. Nothing of this request was kept; try again later.',
  ],
  'read-only': [
    'storage-failed',
    503,
    'This server cannot write to its disk any more; its operator has to look.',
  ],
  'storage-failed': [
    'storage-failed',
    503,
    'This server could not write to its disk. Nothing of this request was kept.',
  ],
  closed: ['busy', 503, 'This server is shutting down; try again in a moment.'],
  'not-found': ['not-found', 404, 'There is no such thing in this store.'],
  damaged: [
    'storage-failed',
    500,
    'What is stored here is damaged: its hash does not fit. `verify` lists it.',
  ],
};

/** What is said of an error to whoever sent the request. */
export interface Problem {
  readonly code: ProblemCode;
  readonly status: number;
  readonly detail: string;
}

/** The problem an error is. Errors we did not foresee say nothing of their inside. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ServerError) return { code: error.code, status: error.status, detail: error.message };
  if (error instanceof ProtocolError)
    return { code: error.code, status: PROTOCOL_STATUS[error.code], detail: error.message };
  if (error instanceof StoreError) {
    const [code, status, detail] = STORE_PROBLEM[error.code] ?? [
      'internal',
      500,
      'The store of this server cannot be used.',
    ];
    return { code, status, detail };
  }
  if (error instanceof SyncError) {
    const malformed = error.code.startsWith('invalid');
    return {
      code: malformed ? 'malformed' : 'conflict',
      status: malformed ? 400 : 409,
      detail: error.message,
    };
  }
  return (
    frameworkProblem(error) ?? {
      code: 'internal',
      status: 500,
      detail: 'Something went wrong in this server; its log says what.',
    }
  );
}

/** What Fastify itself found wrong with a request. */
function frameworkProblem(error: unknown): Problem | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    const known = `${MEDIA_TYPE.msgpack}, ${MEDIA_TYPE.json} or (entries) ${MEDIA_TYPE.entry}`;
    return { code: 'unsupported-media-type', status: 415, detail: `Send ${known}.` };
  }
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return { code: 'too-large', status: 413, detail: 'The body is larger than this route takes.' };
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  if (typeof status !== 'number' || status < 400 || status > 499) return undefined;
  return {
    code: 'malformed',
    status,
    detail: error instanceof Error ? error.message : 'The request is malformed.',
  };
}

/** Headers and body of a problem document (RFC 9457). */
export function problemHeaders(problem: Problem): {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
} {
  const { code, status, detail } = problem;
  return {
    headers: {
      'content-type': MEDIA_TYPE.problem,
      ...((status === 503 || status === 507) && { 'retry-after': '30' }),
      ...(status === 401 && { 'www-authenticate': 'Bearer' }),
    },
    // As bytes: a reply in text form would get another content type on its way out.
    body: Buffer.from(JSON.stringify(problemDocument(code, status, detail))),
  };
}

/** Sends a problem document. */
export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  const { headers, body } = problemHeaders(problem);
  return reply.code(problem.status).headers(headers).send(body);
}

/** A full disk fails every request: one short line each, and the whole story only of what we did not foresee. */
export function noteProblem(log: FastifyBaseLogger, error: unknown, problem: Problem, url: string): void {
  if (problem.code === 'internal') log.error({ err: error, url }, 'request failed');
  else if (problem.status >= 500)
    log.warn({ code: problem.code, why: String(error), url }, 'request refused');
}

/** A whole HTTP response with a problem document, for a connection on which there is no request to reply to. */
export function rawProblem(problem: Problem): string {
  const body = JSON.stringify(problemDocument(problem.code, problem.status, problem.detail));
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`,
    `content-type: ${MEDIA_TYPE.problem}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
