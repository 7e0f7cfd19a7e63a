import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Product } from './product.ts';

/** How a program went. */
export interface Ran {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Milliseconds from what the program said last on descriptor 3 to its end; whole run where it said nothing. */
  readonly endMs: number;
  /** What it said on descriptor 3, one value a line. */
  readonly said: readonly unknown[];
}

export interface RunOptions {
  readonly folder: string;
  readonly port: number;
  /** Where the product keeps its state; a new folder where it is left out. */
  readonly state?: string;
  readonly nodeFlags?: readonly string[];
  readonly limitMs?: number;
}

const MARK = `const say = (value) => require('node:fs').writeSync(3, JSON.stringify(value) + '\\n');
const mark = () => say({ now: Number(process.hrtime.bigint() / 1000n) });`;

/** Runs a program that has the product in it: `body` runs once that has been started. */
export async function runProgram(product: Product, body: string, options: RunOptions): Promise<Ran> {
  const state = options.state ?? newState(options.folder);
  const file = join(options.folder, `${product.name.replaceAll(' ', '-')}.cjs`);
  const given = `const HOST = '127.0.0.1:${options.port}', PORT = ${options.port}, URL = 'http://' + HOST;
const STATE = ${JSON.stringify(state)}; let capture = () => {}, flush = async () => {};`;
  const usesCapture = body.includes('capture') || product.flags === undefined;
  writeFileSync(file, `${given}\n${usesCapture ? product.start : ''}\n${MARK}\n${body}\n`);
  const child = spawn(process.execPath, [...(product.flags ?? []), ...(options.nodeFlags ?? []), file], {
    cwd: options.folder,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: state,
      FR_SERVER: `http://127.0.0.1:${options.port}`,
      FR_SPOOL_DIR: join(state, 'spool'),
      ...product.env,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const started = process.hrtime.bigint();
  const texts = ['', '', '', ''];
  for (const number of [1, 2, 3])
    child.stdio[number]?.on('data', (chunk: Buffer) => {
      texts[number] += chunk.toString();
    });
  const limit = setTimeout(() => child.kill('SIGKILL'), options.limitMs ?? 20_000);
  let ended = 0n;
  child.on('exit', () => {
    ended = process.hrtime.bigint();
  });
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    child.on('exit', (...end) => setTimeout(() => resolve(end), 20));
  });
  clearTimeout(limit);
  const said = (texts[3] ?? '')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as unknown);
  const last = (said as readonly { now?: number }[]).findLast(({ now }) => now !== undefined)?.now;
  const from = last === undefined ? started : BigInt(last) * 1000n;
  return {
    code,
    signal,
    stdout: texts[1] ?? '',
    stderr: texts[2] ?? '',
    endMs: Number(ended - from) / 1e6,
    said,
  };
}

/** A folder for what a product keeps between runs. */
export function newState(folder: string): string {
  mkdirSync(join(folder, 'states'), { recursive: true });
  return mkdtempSync(join(folder, 'states/s'));
}
