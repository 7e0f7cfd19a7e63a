import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Bucket, bucketId } from '@fr/bucket';
import {
  type DemandTerms,
  decodeOffer,
  describePart,
  type EntryHeader,
  MEDIA_TYPE,
  type Offer,
  printFrame,
  type SignedDemand,
} from '@fr/protocol';
import { uuidv7 } from '@fr/protocol/ids';
import { generateSigningKey, issueToken, signDemand } from '@fr/protocol/signature';
import { decodeMessage, decompress } from '@fr/protocol/wire';
import { onTestFinished } from 'vitest';

/** Where the till fails. */
export const TILL: Bucket = {
  program: 'till',
  programVersion: '1.4',
  module: 'till',
  moduleVersion: '1.4',
  location: 'price.js#totalOf',
};

/** A destination that asks for what a test tells it to, takes everything and keeps the bytes. */
export interface Vendor {
  readonly url: string;
  readonly token: string;
  /** Bodies of the offers and entries that came, in their order. */
  readonly offers: Buffer[];
  /** The offers, understood. */
  readonly told: Offer[];
  readonly entries: Buffer[];
  /** Called when an entry has come, before it is answered. */
  onEntry: () => Promise<void>;
  /** Asks for these types of the till from now on; the terms as they were signed. */
  ask(terms: Pick<DemandTerms, 'id' | 'types'> & Partial<DemandTerms>): SignedDemand;
}

/** Starts one that ends with the running test. */
export async function startVendor(): Promise<Vendor> {
  const key = generateSigningKey();
  const demands = new Map<string, SignedDemand>();
  const offers: Buffer[] = [];
  const told: Offer[] = [];
  const entries: Buffer[] = [];
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const isOffer = request.url === '/v1/offers';
    if (isOffer) {
      const plain = await decompress(body, request.headers['content-encoding']);
      told.push(decodeOffer(decodeMessage(plain, 'msgpack')));
    }
    (isOffer ? offers : entries).push(body);
    const digest = body.toString('latin1').trimEnd().split('\n').at(-1);
    if (!isOffer) await vendor.onEntry();
    const reply = isOffer
      ? offerReply(told.at(-1))
      : { entryId: request.url?.split('/').at(-1), result: 'stored', digest };
    response.writeHead(isOffer ? 200 : 201, { 'content-type': MEDIA_TYPE.json }).end(JSON.stringify(reply));
  }
  function offerReply(offer: Offer | undefined): object {
    const quotas = [...demands.values()].flatMap(({ terms }) =>
      terms.types.map(({ type, count }) => ({ demandId: terms.id, bucketId: bucketId(TILL), type, count })),
    );
    const { mark } = offer ?? {};
    return { key: key.publicKey, demands: [...demands.values()], quotas, ...(mark && { mark }) };
  }
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const vendor: Vendor = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: issueToken('frs', key.keyId),
    offers,
    told,
    entries,
    onEntry: async () => undefined,
    ask(terms) {
      const signed = signDemand(
        {
          version: Date.now() + demands.size,
          pattern: { program: 'till' },
          each: 'bucket',
          until: Date.now() + 86_400_000,
          reason: 'the price is wrong since 1.4',
          author: 'vendor support',
          ...terms,
        },
        key,
      );
      demands.set(terms.id, signed);
      return signed;
    },
  };
  return vendor;
}

/** Hands in one failure of the till with these parts, as a reporter does; the entry's id. */
export async function reportTill(
  site: string,
  parts: Readonly<Record<string, string | Uint8Array>>,
): Promise<string> {
  const hits = [{ reportId: uuidv7(), bucket: TILL, count: 1, outcome: 'fatal', at: Date.now() }];
  const headers = { 'content-type': MEDIA_TYPE.json };
  await fetch(`${site}/v1/hits`, { method: 'POST', headers, body: JSON.stringify({ protocol: 1, hits }) });
  const contents = Object.entries(parts).map(([type, content]) => {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    const contentType = typeof content === 'string' ? 'text/plain' : 'application/octet-stream';
    return { part: describePart(type, contentType, bytes), content: bytes };
  });
  const header: EntryHeader = {
    entryId: uuidv7(),
    reportId: uuidv7(),
    bucket: TILL,
    outcome: 'fatal',
    at: Date.now(),
    demands: ['site-default'],
    parts: contents.map(({ part }) => part),
  };
  const frame = await printFrame(header, contents);
  const reply = await fetch(`${site}/v1/entries/${header.entryId}`, {
    method: 'PUT',
    headers: { 'content-type': MEDIA_TYPE.entry },
    body: new Blob([new Uint8Array(frame)]),
  });
  if (reply.status !== 201) throw new Error(`${reply.status} ${await reply.text()}`);
  return header.entryId;
}
