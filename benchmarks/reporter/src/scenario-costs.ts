import type { Product } from './product.ts';
import { newState, runProgram } from './program.ts';
import { type ServerState, startCollector } from './server.ts';
import { costOf, processesOf, settled } from './settled.ts';

const MIB = 1024 * 1024;

/** What a product costs a program that does not fail. */
export interface StartCost {
  readonly cpuMs: number;
  readonly rssMiB: number;
  /** What of it is the program's own, and no page of a file that other processes have as well. */
  readonly ownMiB: number;
  /** Of the processes it has launched. */
  readonly besideCpuMs: number;
  readonly besideMiB: number;
}

/** Starts a program, looks at it 150 ms later and lets it end. */
export async function startCost(product: Product, folder: string): Promise<StartCost> {
  const collector = await startCollector('up');
  const state = newState(folder);
  let beside = { cpuMs: 0, rssMiB: 0 };
  const look = setInterval(() => {
    const now = costOf(processesOf(state));
    if (now.rssMiB > 0) beside = now;
  }, 60);
  const body = `setTimeout(() => {
    const { user, system } = process.cpuUsage();
    const [, own] = /RssAnon:\\s+(\\d+)/.exec(require('node:fs').readFileSync('/proc/self/status', 'latin1'));
    say({ cpu: (user + system) / 1000, rss: process.memoryUsage.rss() / ${MIB}, own: own / 1024 });
    process.exit(0);
  }, 150);`;
  const { said } = await runProgram(product, body, { folder, port: collector.port, state });
  clearInterval(look);
  await settled(collector, state, 0);
  await collector.close();
  const { cpu, rss, own } = said[0] as { cpu: number; rss: number; own: number };
  return { cpuMs: cpu, rssMiB: rss, ownMiB: own, besideCpuMs: beside.cpuMs, besideMiB: beside.rssMiB };
}

const FAIL = `mark(); undefined.drawer.open();`;

/** Milliseconds from a throw to the end of the process; nothing where it had to be killed. */
export async function crashMs(
  product: Product,
  folder: string,
  server: ServerState,
  ballastMiB = 0,
): Promise<number | undefined> {
  const collector = await startCollector(server);
  const state = newState(folder);
  const ballast = ballastMiB > 0 ? `globalThis.ballast = Buffer.alloc(${ballastMiB} * ${MIB}, 1);` : '';
  const ran = await runProgram(product, `${ballast} setTimeout(() => { ${FAIL} }, 80);`, {
    folder,
    port: collector.port,
    state,
    limitMs: 8_000,
  });
  // Whatever it has launched must not be in the way of the next.
  for (const pid of processesOf(state)) stop(pid);
  await settled(collector, state, 0);
  await collector.close();
  return ran.signal === 'SIGKILL' ? undefined : ran.endMs;
}

/** Bytes a crash brings to a server that needs no more of it, headers included. */
export async function crashBytes(product: Product, folder: string): Promise<number> {
  const collector = await startCollector('up');
  const state = newState(folder);
  await runProgram(product, `setTimeout(() => { ${FAIL} }, 80);`, { folder, port: collector.port, state });
  await settled(collector, state, 700);
  await collector.close();
  return collector.bytes;
}

function stop(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM');
  } catch {
    // It has ended by itself.
  }
}
