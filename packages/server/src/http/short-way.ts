/**
 * The short way: requests of one route answered on the connection itself. For the route on which all crashes of a
 * building arrive: of what such a request costs, the framework, and behind it Node's streams and objects for a request
 * and a response, were by far the most. Only a plain request takes it (`plain-head.ts`), and only when it lies whole in
 * one piece.
 *
 *     quiet ──plain request──▶ answering ──reply──▶ quiet
 *       │                          │ (more bytes came meanwhile)
 *       └──── anything else ───────┴──▶ handed over
 *
 * Handed over means for good, with every byte that was not answered: from then on the connection is Node's and the
 * framework's, as if it had always been. So there is no other reader of HTTP here than theirs, and no timer but one:
 * quiet connections are closed after the same time as Node's own.
 * @module
 */
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Caller } from '../access/guard.ts';
import { PlainRequests } from './plain-head.ts';
import { noteProblem, problemHeaders, problemOf } from './problem-reply.ts';
import { messageReply, nothingReply, rawReply } from './raw-reply.ts';

export interface ShortWay {
  /** Path of a POST. */
  readonly path: string;
  readonly guard: (caller: Caller) => Promise<void>;
  /** Takes a msgpack body and gives one, or nothing for a 204. Throws what {@link problemOf} knows. */
  readonly answer: (body: Uint8Array) => Promise<Uint8Array | undefined>;
}

const SWEEP_MS = 1_000;

/** Puts the short way before whatever takes the server's connections now. Closes with the framework. */
export function openShortWay(app: FastifyInstance, way: ShortWay): void {
  const { server } = app;
  const longWay = server.listeners('connection');
  const held = new Set<Connection>();
  let closing = false;
  const house: House = {
    app,
    way,
    plain: new PlainRequests(way.path),
    isClosing: () => closing || !server.listening,
    handOver: (socket) => {
      for (const listener of longWay) listener.call(server, socket);
    },
    left: (gone) => held.delete(gone),
  };
  server.removeAllListeners('connection');
  server.on('connection', (socket) => {
    held.add(new Connection(socket, house));
  });
  const sweep = setInterval(() => {
    const quietSince = performance.now() - server.keepAliveTimeout;
    for (const connection of held) connection.closeIfQuiet(quietSince);
  }, SWEEP_MS).unref();
  server.once('close', () => clearInterval(sweep));
  app.addHook('preClose', async () => {
    closing = true;
    for (const connection of held) connection.closeIfQuiet(Number.POSITIVE_INFINITY);
  });
}

interface House {
  readonly app: FastifyInstance;
  readonly way: ShortWay;
  readonly plain: PlainRequests;
  readonly isClosing: () => boolean;
  readonly handOver: (socket: Socket) => void;
  readonly left: (connection: Connection) => unknown;
}

class Connection {
  readonly #socket: Socket;
  readonly #house: House;
  #quietSince = performance.now();
  #answering = false;
  /** Came while a request was answered: this sender does not wait, and is left to Node. */
  readonly #early: Buffer[] = [];

  constructor(socket: Socket, house: House) {
    this.#socket = socket;
    this.#house = house;
    socket.on('data', this.#onData);
    socket.on('end', this.#onEnd);
    socket.on('error', this.#onError);
    socket.on('close', this.#onClose);
  }

  closeIfQuiet(since: number): void {
    if (!this.#answering && this.#quietSince < since) this.#socket.destroy();
  }

  readonly #onData = (piece: Buffer): void => {
    if (this.#answering) {
      this.#socket.pause();
      this.#early.push(piece);
      return;
    }
    // Who does not read replies is slowed down by Node, not by us.
    const request = this.#socket.writableNeedDrain ? undefined : this.#house.plain.in(piece);
    if (!request) {
      this.#handOver([piece]);
      return;
    }
    this.#answering = true;
    const { way } = this.#house;
    way
      .guard({ headers: request.head.headers, socket: this.#socket })
      .then(() => way.answer(request.body))
      .then(this.#reply, this.#refuse);
  };

  readonly #reply = (message: Uint8Array | undefined): void => {
    const last = this.#house.isClosing();
    this.#send(message === undefined ? nothingReply(last) : messageReply(message, last), last);
  };

  readonly #refuse = (error: unknown): void => {
    const problem = problemOf(error);
    noteProblem(this.#house.app.log, error, problem, this.#house.way.path);
    const last = this.#house.isClosing();
    const { headers, body } = problemHeaders(problem);
    this.#send(rawReply(problem.status, headers, body, last), last);
  };

  #send(reply: string | Buffer, last: boolean): void {
    this.#answering = false;
    this.#quietSince = performance.now();
    const socket = this.#socket;
    if (socket.destroyed) return;
    socket.write(reply, 'latin1');
    if (last || socket.readableEnded) socket.end();
    else if (this.#early.length > 0) this.#handOver(this.#early);
  }

  /** Bytes that are put back are the first that the new owner reads. */
  #handOver(pieces: readonly Buffer[]): void {
    const socket = this.#socket;
    socket.pause();
    socket.off('data', this.#onData);
    socket.off('end', this.#onEnd);
    socket.off('error', this.#onError);
    socket.off('close', this.#onClose);
    this.#house.left(this);
    socket.unshift(Buffer.concat(pieces));
    this.#house.handOver(socket);
    socket.resume();
  }

  readonly #onEnd = (): void => {
    if (!this.#answering) this.#socket.end();
  };

  readonly #onError = (): void => {
    this.#socket.destroy();
  };

  readonly #onClose = (): void => {
    this.#house.left(this);
  };
}
