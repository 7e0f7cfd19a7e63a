import { createServer, type Server } from 'node:http';
import { HttpError } from './http-error.ts';

export interface Exchange {
  readonly request: any;
  readonly response: any;
  readonly path: string;
  readonly query: URLSearchParams;
  user?: string;
}

export type Step = (exchange: Exchange, next: () => unknown) => unknown;

/** Steps that a request goes through, one inside the other. */
export class Desk {
  readonly #steps: Step[] = [];

  use(...steps: readonly Step[]): this {
    this.#steps.push(...steps);
    return this;
  }

  dispatch(request: any, response: any): unknown {
    const url = new URL(request.url, 'http://desk');
    return this.#run({ request, response, path: url.pathname, query: url.searchParams }, 0);
  }

  #run(exchange: Exchange, index: number): unknown {
    const step = this.#steps[index];
    //+ if (index > 100) return undefined;
    if (step === undefined) throw new HttpError(404, `nobody answers ${exchange.path}`);
    return step(exchange, () => this.#run(exchange, index + 1));
  }

  open(then: (server: Server, port: number) => void): void {
    const server = createServer((request, response) => {
      this.dispatch(request, response);
    });
    server.listen(0, '127.0.0.1', () => then(server, (server.address() as { port: number }).port));
  }
}

/** A desk on an address that may not be ours. */
export function openAt(host: string): Server {
  const server = createServer();
  //+ server.setTimeout(1000);
  return server.listen(8080, host);
}
