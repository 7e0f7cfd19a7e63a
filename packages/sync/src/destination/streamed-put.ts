/**
 * A `PUT` of a large body. `fetch` would take the whole of it into memory as fast as it can be read; here no more is read
 * than is sent, and nothing before the server has said that it will read it (`Expect: 100-continue`) or says nothing for a
 * second. Where it answers before it has everything, nothing more is sent.
 *
 * `@fr/sync` and `@fr/reporter-sdk` have this file each, word for word (a test sees to it): they may not import each other,
 * and the one package below both, `@fr/protocol`, touches no network.
 * @module
 */
import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { MAX_MESSAGE_BYTES } from '@fr/protocol';

const CONTINUE_MS = 1_000;

/** Sends the body; the reply has at most {@link MAX_MESSAGE_BYTES} of a body. Rejects as `fetch` would. */
export function streamedPut(
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<Response> {
  const request = url.protocol === 'https:' ? tlsRequest : plainRequest;
  const outgoing = request(url, { method: 'PUT', headers: { ...headers, expect: '100-continue' }, signal });
  return new Promise((resolve, reject) => {
    let answered = false;
    let began = false;
    let wake: () => void = () => undefined;
    function begin(): void {
      clearTimeout(patience);
      if (began || answered) return;
      began = true;
      send().catch((error: unknown) => outgoing.destroy(error instanceof Error ? error : undefined));
    }
    async function send(): Promise<void> {
      for await (const chunk of body) {
        if (answered) return;
        if (outgoing.write(chunk)) continue;
        await new Promise<void>((go) => {
          wake = go;
        });
      }
      if (!answered) outgoing.end();
    }
    const patience = setTimeout(begin, CONTINUE_MS);
    outgoing.on('continue', begin);
    outgoing.on('drain', () => wake());
    outgoing.on('error', (error) => {
      clearTimeout(patience);
      answered = true;
      wake();
      reject(error);
    });
    outgoing.on('response', (reply) => {
      clearTimeout(patience);
      answered = true;
      wake();
      const chunks: Buffer[] = [];
      let length = 0;
      reply.on('data', (chunk: Buffer) => {
        length += chunk.byteLength;
        if (length <= MAX_MESSAGE_BYTES) chunks.push(chunk);
        else outgoing.destroy(new TypeError(`the reply is longer than ${MAX_MESSAGE_BYTES} bytes`));
      });
      reply.on('error', reject);
      reply.on('end', () => {
        if (!outgoing.writableFinished) outgoing.destroy();
        try {
          resolve(asResponse(reply.statusCode ?? 0, reply.headers, Buffer.concat(chunks)));
        } catch (error) {
          // A status that is none.
          reject(error);
        }
      });
    });
    outgoing.flushHeaders();
  });
}

function asResponse(
  status: number,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  body: Buffer<ArrayBuffer>,
): Response {
  const bare = [204, 205, 304].includes(status);
  const told = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
  return new Response(bare ? null : new Uint8Array(body), { status, headers: told });
}
