/**
 * Sends hits as fast as the replies come: so many connections, one request at a time on each. Bodies are made once per
 * bucket; only the report's id changes, so that little of the machine goes into asking.
 * @module
 */
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { MEDIA_TYPE, ROUTES } from '@fr/protocol';
import { printId } from '@fr/protocol/ids';
import { encodeMessage } from '@fr/protocol/wire';
import { answer } from '../program.ts';
import { BUCKETS, hitOn, zipf } from '../traffic.ts';

interface Request {
  readonly bytes: Buffer;
  readonly idAt: number;
}

function requestFor(bucket: number): Request {
  const hit = hitOn(bucket);
  const body = Buffer.from(encodeMessage({ protocol: 1, hits: [hit] }, 'msgpack'));
  const head = [
    `POST ${ROUTES.hits} HTTP/1.1`,
    'host: 127.0.0.1',
    `content-type: ${MEDIA_TYPE.msgpack}`,
    `content-length: ${body.byteLength}`,
  ];
  const bytes = Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
  return { bytes, idAt: bytes.indexOf(hit.reportId) };
}

const requests = Array.from({ length: BUCKETS }, (_, n) => requestFor(n));
const draw = zipf(7);
let made = 0;
let pool = randomBytes(16 * 4096);

/** Time first, as reporters make them. */
function nextId(): string {
  const at = 16 * (made++ % 4096);
  if (at === 0) pool = randomBytes(16 * 4096);
  const id = pool.subarray(at, at + 16);
  id.writeUIntBE(Date.now(), 0, 6);
  id[6] = ((id[6] ?? 0) & 0x0f) | 0x70;
  id[8] = ((id[8] ?? 0) & 0x3f) | 0x80;
  return printId(id);
}

class Run {
  readonly seconds: number[] = [];
  readonly latencies: number[] = [];
  readonly statuses: Record<string, number> = {};
  readonly #started = performance.now();
  readonly #ends: number;
  /** Buckets still to be met, each once, before any is drawn. */
  #unmet: number;

  constructor(forMs: number, unmet: number) {
    this.#ends = this.#started + forMs;
    this.#unmet = unmet;
  }

  send(socket: Socket): number {
    const request = requests[this.#unmet > 0 ? --this.#unmet : draw()];
    if (!request) return 0;
    request.bytes.write(nextId(), request.idAt, 'latin1');
    socket.write(request.bytes);
    return performance.now();
  }

  /** False when the time is up, and every bucket was met that was to be. */
  note(sentAt: number, status: string): boolean {
    const now = performance.now();
    this.latencies.push(now - sentAt);
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
    const second = Math.floor((now - this.#started) / 1_000);
    this.seconds[second] = (this.seconds[second] ?? 0) + 1;
    return now < this.#ends || this.#unmet > 0;
  }
}

/** One connection until the time is up. */
function talk(port: number, run: Run): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let sentAt = 0;
    let heard = '';
    socket.on('error', reject);
    socket.on('close', () => resolve());
    socket.on('connect', () => {
      sentAt = run.send(socket);
    });
    socket.on('data', (data) => {
      heard += data.toString('latin1');
      const end = heard.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(heard)?.[1] ?? 0);
      if (heard.length < end + 4 + length) return;
      const status = heard.slice(9, 12);
      heard = '';
      if (run.note(sentAt, status)) sentAt = run.send(socket);
      else socket.end();
    });
  });
}

interface Question {
  readonly port: number;
  readonly connections: number;
  readonly forMs: number;
  /** Begins with a hit of every bucket, so that none is met for the first time afterwards. */
  readonly meetAll: boolean;
}

answer<Question>(
  async ({ port, connections, forMs, meetAll }) => {
    const run = new Run(forMs, meetAll ? BUCKETS : 0);
    await Promise.all(Array.from({ length: connections }, () => talk(port, run)));
    run.latencies.sort((a, b) => a - b);
    const at = (share: number) => run.latencies[Math.floor(share * (run.latencies.length - 1))] ?? 0;
    return {
      requests: run.latencies.length,
      seconds: run.seconds.slice(0, Math.floor(forMs / 1_000)),
      statuses: run.statuses,
      p50: at(0.5),
      p99: at(0.99),
    };
  },
  async () => undefined,
);
