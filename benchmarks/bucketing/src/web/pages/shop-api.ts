/** The shop's own server, as far as its page can tell. */
import type { ServerResponse } from 'node:http';

const SLOW_MS = 1500;

/** Answers `/api/KIND/…`; the kind says what goes wrong. */
export function answerApi(path: string, response: ServerResponse): void {
  const kind = path.split('/')[2];
  if (kind === 'hangup') {
    response.socket?.destroy();
    return;
  }
  if (kind === 'slow') {
    setTimeout(() => response.end('late'), SLOW_MS).unref();
    return;
  }
  if (kind === 'status') {
    response.statusCode = 503;
    response.end();
    return;
  }
  const json = { broken: '{"items": [', empty: '{"items": []}' }[kind ?? ''];
  response.setHeader('content-type', json === undefined ? 'text/plain' : 'application/json');
  response.end(json ?? 'closed for the holidays');
}
