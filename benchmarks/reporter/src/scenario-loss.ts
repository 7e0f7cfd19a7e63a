import type { Product } from './product.ts';
import { newState, type Ran, runProgram } from './program.ts';
import { startCollector } from './server.ts';
import { settled } from './settled.ts';

/** A way to fail, and how it must end. */
export interface Death {
  readonly name: string;
  readonly body: string;
  readonly nodeFlags?: readonly string[];
}

export const DEATHS: readonly Death[] = [
  { name: 'uncaught exception', body: `setTimeout(() => undefined.drawer, 50);` },
  { name: 'unhandled rejection', body: `setTimeout(() => Promise.reject(new Error('late')), 50);` },
  {
    name: 'unhandled rejection, mode `warn`',
    body: `setTimeout(() => Promise.reject(new Error('late')), 50); setTimeout(() => {}, 200);`,
    nodeFlags: ['--unhandled-rejections=warn'],
  },
  { name: 'a string thrown', body: `setTimeout(() => { throw 'text'; }, 50);` },
  { name: '`throw null`', body: `setTimeout(() => { throw null; }, 50);` },
  {
    name: 'an error whose `stack` throws',
    body: `setTimeout(() => { const e = new Error('x'); Object.defineProperty(e, 'stack', { get() { throw new Error('y'); } }); throw e; }, 50);`,
  },
  { name: 'stack overflow', body: `setTimeout(function again() { again(); }, 50);` },
  {
    name: 'exception in a worker',
    body: `new (require('node:worker_threads').Worker)('setTimeout(() => undefined.drawer, 50)', { eval: true });`,
  },
  {
    name: 'worker out of memory, handled',
    body: `new (require('node:worker_threads').Worker)('const a = []; for (;;) a.push(new Array(1e4).fill({}))', { eval: true, resourceLimits: { maxOldGenerationSizeMb: 20 } }).on('error', () => {});`,
  },
  { name: 'captured, then `process.exit`', body: `capture(new Error('seen')); process.exit(3);` },
  { name: '`process.abort()`', body: `setTimeout(() => process.abort(), 50);` },
  {
    name: 'SIGSEGV',
    body: `setTimeout(() => process.kill(process.pid, 'SIGSEGV'), 50); setTimeout(() => {}, 500);`,
  },
  {
    name: 'SIGKILL',
    body: `setTimeout(() => process.kill(process.pid, 'SIGKILL'), 50); setTimeout(() => {}, 500);`,
  },
  {
    name: 'heap out of memory',
    body: `setTimeout(() => { const a = []; for (;;) a.push(new Array(1e4).fill({})); }, 50);`,
    nodeFlags: ['--max-old-space-size=40'],
  },
];

/** How a product took a death: when its report came, and whether the program ended as on bare Node. */
export interface DeathTaken {
  readonly reported: 'at once' | 'at the next start' | 'no';
  readonly end: string;
}

/** Lets a program die, starts it once more, and looks at what arrives. */
export async function death(
  product: Product,
  { body, nodeFlags = [] }: Death,
  folder: string,
): Promise<DeathTaken> {
  const collector = await startCollector('up');
  const state = newState(folder);
  const options = { folder, port: collector.port, state };
  const ran = await runProgram(product, body, { ...options, nodeFlags, limitMs: 10_000 });
  await settled(collector, state, 800);
  const atOnce = collector.requests > 0;
  if (!atOnce) await healthyRun(product, options);
  if (!atOnce) await settled(collector, state, 800);
  await collector.close();
  const reported = atOnce ? 'at once' : collector.requests > 0 ? 'at the next start' : 'no';
  return { reported, end: endOf(ran) };
}

/** Whether a crash while the server is down reaches it once it is up again and the program has been started again. */
export async function laterDelivery(product: Product, folder: string): Promise<boolean> {
  const down = await startCollector('refused');
  const state = newState(folder);
  const options = { folder, port: down.port, state };
  await runProgram(product, `setTimeout(() => undefined.drawer, 80);`, options);
  await settled(down, state, 0);
  const up = await startCollector('up', down.port);
  await healthyRun(product, options);
  await settled(up, state, 800);
  await up.close();
  return up.requests > 0;
}

function healthyRun(
  product: Product,
  options: { readonly folder: string; readonly port: number; readonly state: string },
): Promise<Ran> {
  return runProgram(product, 'setTimeout(() => process.exit(0), 1500);', options);
}

function endOf({ code, signal }: Ran): string {
  return signal ?? String(code);
}
