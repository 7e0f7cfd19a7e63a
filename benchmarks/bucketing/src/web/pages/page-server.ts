/**
 * Serves every site to every browser, as their proxy, and leads a browser from page to page: a page fails, posts what
 * its reporter could read of the error, and is told the URL of the next. A page that does not fail within its patience
 * posts null. One tour at a time; a browser that falls silent is noticed by whoever started it, who begins again with
 * the URL that `goOn` gives.
 */

import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { ErrorFacts } from '@fr/bucket';
import { answerApi } from './shop-api.ts';
import type { Site } from './site.ts';

export interface Page {
  readonly site: Site;
  /** Query of the page: which visit, whose, called how. */
  readonly wish: string;
}

/** Result of one page: the facts, `null` when nothing failed, `undefined` until it was visited. */
export type Seen = ErrorFacts | null | undefined;

interface Tour {
  readonly pages: readonly Page[];
  readonly seen: Seen[];
  next: number;
  ended: () => void;
}

const CAPTURE = readFileSync(join(import.meta.dirname, 'capture-page.js'), 'utf8');

export class PageServer {
  readonly #server: Server;
  readonly #sites = new Map<string, Site>();
  #tour: Tour | undefined;
  #port = 0;

  constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Begins a tour; `ended` settles when the last page reported. Facts appear in `seen` page by page. */
  begin(pages: readonly Page[]): { first: string; seen: readonly Seen[]; ended: Promise<void> } {
    for (const { site } of pages) this.#sites.set(site.host, site);
    let ended: () => void = () => undefined;
    const promise = new Promise<void>((resolve) => {
      ended = resolve;
    });
    const seen: Seen[] = new Array(pages.length).fill(undefined);
    this.#tour = { pages, seen, next: 0, ended };
    return { first: this.#nextUrl(), seen, ended: promise };
  }

  /** Where to go on after a browser was lost: the page that silenced it counts as not failed. */
  goOn(): string | undefined {
    const tour = this.#tour;
    if (tour === undefined) return undefined;
    tour.seen[tour.next - 1] ??= null;
    return this.#nextUrl();
  }

  #nextUrl(): string {
    const tour = this.#tour;
    const page = tour?.pages[tour.next];
    if (tour === undefined || page === undefined) {
      tour?.ended();
      return 'about:blank';
    }
    const job = tour.next;
    tour.next += 1;
    return `http://${page.site.host}/?${page.wish}&job=${job}`;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('cache-control', 'no-store');
    if (url.pathname.startsWith('/api/')) return answerApi(url.pathname, response);
    if (url.pathname === '/__report')
      return this.#report(Number(url.searchParams.get('job')), request, response);
    if (url.pathname === '/__capture.js') return send(response, 'text/javascript', CAPTURE);
    if (url.pathname === '/') return this.#page(url, response);
    const file = this.#sites.get(url.host)?.served.get(decodeURI(url.pathname));
    if (file !== undefined) return send(response, 'text/javascript', file);
    response.statusCode = 404;
    response.end();
  }

  #page(url: URL, response: ServerResponse): void {
    const page = this.#tour?.pages[Number(url.searchParams.get('job'))];
    if (page !== undefined) this.#sites.set(url.host, page.site);
    send(response, 'text/html', page?.site.page ?? 'gone');
  }

  async #report(job: number, request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const part of request.setEncoding('utf8')) body += part;
    const tour = this.#tour;
    if (tour === undefined || job !== tour.next - 1) return send(response, 'text/plain', 'about:blank');
    tour.seen[job] = JSON.parse(body) as ErrorFacts | null;
    send(response, 'text/plain', this.#nextUrl());
  }
}

function send(response: ServerResponse, type: string, text: string): void {
  response.setHeader('content-type', `${type}; charset=utf-8`);
  response.end(text);
}
