import { join } from 'node:path';
import { lowest, median, spread } from './figures.ts';
import { Contender } from './program.ts';

const CONNECTIONS = 64;

interface Served {
  readonly port: number;
  readonly cpu: number;
  readonly counted?: number;
  readonly rss?: number;
}

interface Load {
  readonly requests: number;
  readonly seconds: readonly number[];
  readonly statuses: Readonly<Record<string, number>>;
  readonly p50: number;
  readonly p99: number;
}

interface Stretch extends Load {
  /** Requests for each second of the server's CPU, all its threads. */
  readonly perCpuSecond: number;
  readonly counted: number;
}

async function stretch(load: Contender, server: Contender, forMs: number, meetAll = false): Promise<Stretch> {
  const before = await server.ask<Served>({});
  const told = await load.ask<Load>({ port: before.port, connections: CONNECTIONS, forMs, meetAll });
  const after = await server.ask<Served>({});
  return {
    ...told,
    perCpuSecond: told.requests / ((after.cpu - before.cpu) / 1e6),
    counted: (after.counted ?? 0) - (before.counted ?? 0),
  };
}

/** Requests per CPU-second beside a bare server's, in turns. Lines of a report. */
export async function overHttp(
  folder: string,
  options: {
    /** After each bucket has been met once. */
    readonly warmMs: number;
    readonly rounds: number;
    readonly roundMs: number;
  },
): Promise<readonly string[]> {
  const load = new Contender('load');
  const bare = new Contender('bare-http');
  const site = new Contender('site', [join(folder, 'site')]);
  try {
    for (const server of [bare, site]) await stretch(load, server, options.warmMs, true);
    const [limit, own]: [number[], number[]] = [[], []];
    for (let round = 0; round < options.rounds; round++) {
      limit.push((await stretch(load, bare, options.roundMs)).perCpuSecond);
      own.push((await stretch(load, site, options.roundMs)).perCpuSecond);
    }
    const ratios = own.map((one, round) => one / (limit[round] ?? Number.NaN));
    return [
      `requests per CPU-second, ${CONNECTIONS} connections, lowest / median / highest of ${options.rounds} rounds`,
      `  bare node:http, body read, 204      ${spread(limit, 0)}`,
      `  site, counted durably, 204          ${spread(own, 0)}`,
      `  ratio within a round                ${spread(ratios, 2)}   (goal: 0.60)`,
    ];
  } finally {
    for (const one of [load, bare, site]) await one.end();
  }
}

/** What the machine holds, the slowest second included. Lines of a report. */
export async function heldOverHttp(
  folder: string,
  options: { readonly warmMs: number; readonly holdMs: number },
): Promise<readonly string[]> {
  const load = new Contender('load');
  const site = new Contender('site', [join(folder, 'held')]);
  try {
    await stretch(load, site, options.warmMs, true);
    const held = await stretch(load, site, options.holdMs);
    const { rss = 0 } = await site.ask<Served>({});
    return [
      `held for ${options.holdMs / 1_000} s: ${median(held.seconds)} a second, lowest second ${lowest(held.seconds)}` +
        `   (goal: 5000); p50 ${held.p50.toFixed(1)} ms, p99 ${held.p99.toFixed(1)} ms, RSS ${Math.round(rss / 2 ** 20)} MiB`,
      `  replies ${JSON.stringify(held.statuses)}, counted ${held.counted} of ${held.requests}`,
    ];
  } finally {
    for (const one of [load, site]) await one.end();
  }
}
