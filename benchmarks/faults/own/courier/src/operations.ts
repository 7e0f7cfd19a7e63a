import { afterwards, atOnce, cancelled, nextTick, patrol, remind, waitForDriver } from './clock.ts';
import { Delivery } from './delivery.ts';
import { allDepots, anyDepot, firstDepot } from './depots.ts';
import { Queue, staffedQueue } from './queue.ts';
import { brokenBelt, printLabels, scanAll, scanStream, throwLabels } from './streams.ts';
import { cleaned, doPlainly, doQuietly, doWork, handOver, legacy, start, weighed } from './work.ts';

type Input = any;

const operations: Record<string, (input: Input) => unknown> = {
  help: () => '',
  deliver: (input) => new Delivery(input).run(),
  express: (input) => Delivery.express(input),
  insure: async (input) => await Delivery.insure(input),
  ring: (input) => new Delivery(input).ring(),
  any: (input) => anyDepot(input.depots, input.id),
  all: (input) => allDepots(input.depots, input.id),
  first: (input) => firstDepot(input.id),
  flush: (input) => new Queue().add(input).flush(),
  finish: (input) => new Queue().add(input).finish(),
  complain: (input) => new Queue().complain(input.text),
  announce: (input) => staffedQueue().add(input).announce(),
  remind: (input) => remind(input),
  afterwards: (input) => afterwards(input),
  atOnce: (input) => atOnce(input),
  nextTick: (input) => nextTick(input),
  patrol: (input) => patrol(input),
  wait: (input) => waitForDriver(input),
  cancel: (input) => cancelled(input),
  labels: (input) => printLabels(input.parts),
  throwLabels: (input) => throwLabels(input.parts),
  scan: (input) => scanAll(input.codes),
  scanStream: (input) => scanStream(input.codes),
  belt: (input) => brokenBelt(input.id),
  work: (input) => doWork(input),
  allWork: (input) => Promise.all(input.map(doWork)),
  plain: (input) => doPlainly(input),
  quiet: (input) => doQuietly(input),
  weigh: (input) => weighed(input),
  start: (input) => start(input),
  clean: (input) => cleaned(input),
  handOver: (input) => handOver(input),
  shout: (input) => legacy.shout(input),
  grumble: (input) => legacy.complain(input),
  vanish: () => legacy.vanish(),
  mumble: (input) => legacy.mumble(input),
};

/** Does one thing by its name. */
export function perform(operation: string, input: Input): unknown {
  const act = operations[operation];
  if (act === undefined) throw new Error(`no operation ${operation}`);
  return act(input);
}
