import { decodeHitsRequest } from '@fr/protocol';
import { decodeMessage } from '@fr/protocol/wire';
import type { Product } from './product.ts';
import { newState, runProgram } from './program.ts';
import { type Collector, startCollector } from './server.ts';
import { settled, sizeOf } from './settled.ts';

/** How ten thousand handled failures of one kind went. */
export interface Captures {
  readonly usEach: number;
  /** Memory at its highest, over what it was before. */
  readonly grownMiB: number;
  /** What the next ten thousand add to that, with the server down and without a pause. */
  readonly grownLaterMiB: number;
  /** Requests that reached the server, and what they count for where they say so. */
  readonly requests: number;
  readonly counted: number | undefined;
  readonly wireKB: number;
  /** What lies on disk after the same with the server down. */
  readonly keptKB: number;
}

const FAIL = `
function openDrawer(number) { throw new RangeError('drawer ' + number + ' is stuck'); }`;

const BODY = `${FAIL}
const before = process.memoryUsage.rss(), from = performance.now();
for (let number = 0; number < 10_000; number++) try { openDrawer(number); } catch (error) { capture(error); }
say({ us: (performance.now() - from) / 10 });
Promise.race([flush(), new Promise((resolve) => setTimeout(resolve, 90_000))]).then(() => {
  say({ grown: (process.resourceUsage().maxRSS * 1024 - before) / 1048576 });
  process.exit(0);
});`;

const MORE = `${FAIL}
const highest = () => process.resourceUsage().maxRSS / 1024;
const tenThousand = () => {
  for (let number = 0; number < 10_000; number++) try { openDrawer(number); } catch (error) { capture(error); }
  return highest();
};
say({ grownLater: -tenThousand() + tenThousand() });
process.exit(0);`;

/** Captures ten thousand errors in a loop, once with a server and once without. */
export async function captures(product: Product, folder: string): Promise<Captures> {
  const up = await startCollector('up');
  const state = newState(folder);
  const ran = await runProgram(product, BODY, { folder, port: up.port, state, limitMs: 120_000 });
  await settled(up, state, 700);
  await up.close();
  const down = await startCollector('refused');
  const other = newState(folder);
  const exits = BODY.replace('await flush()', '').replace('flush()', 'Promise.resolve()');
  await runProgram(product, exits, { folder, port: down.port, state: other, limitMs: 120_000 });
  const more = await runProgram(product, MORE, { folder, port: down.port, limitMs: 120_000 });
  await settled(down, other, 0);
  const said = Object.assign({}, ...(ran.said as object[]), ...(more.said as object[])) as Said;
  return {
    usEach: said.us ?? Number.NaN,
    grownMiB: said.grown ?? Number.NaN,
    grownLaterMiB: said.grownLater ?? Number.NaN,
    requests: up.requests,
    counted: product.name.startsWith('fr') ? countsOf(up) : undefined,
    wireKB: up.bytes / 1000,
    keptKB: sizeOf(other) / 1000,
  };
}

interface Said {
  readonly us?: number;
  readonly grown?: number;
  readonly grownLater?: number;
}

function countsOf({ bodies }: Collector): number {
  const hits = bodies.flatMap((body) => decodeHitsRequest(decodeMessage(body, 'msgpack')).hits);
  return hits.reduce((sum, { count }) => sum + count, 0);
}
