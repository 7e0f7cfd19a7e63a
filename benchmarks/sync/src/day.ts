/**
 * Prints what goes from sites to a vendor in a day, beside every crash sent as an event.
 *
 *     node src/day.ts [--sites 100] [--buckets 1000] [--crashes 1000000] [--every 15] [--counts 15]
 */
import { parseArgs } from 'node:util';
import { measureHeads } from './day/http-head.ts';
import { runDay } from './day/run-day.ts';
import { printDay } from './day/table.ts';

const { values } = parseArgs({
  options: {
    sites: { type: 'string', default: '100' },
    buckets: { type: 'string', default: '1000' },
    crashes: { type: 'string', default: '1000000' },
    every: { type: 'string', default: '15' },
    counts: { type: 'string', default: '15' },
  },
});
const options = {
  sites: Number(values.sites),
  buckets: Number(values.buckets),
  crashes: Number(values.crashes),
  every: Number(values.every),
  counts: Number(values.counts),
};
process.stdout.write(printDay(await runDay(options), options, await measureHeads()));
