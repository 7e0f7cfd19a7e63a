/**
 * How fast buckets are found: stacks per CPU second beside a parser in the same run, the first call of a fresh
 * process, and input made to be slow. Prints numbers, judges none. `pnpm speed` in this folder
 * measures what is built, `node --conditions=@fr/source src/speed.ts` the sources.
 *
 * @module
 */
import { arch, cpus, release, type } from 'node:os';
import { printFirstCalls } from './speed/first-call.ts';
import { printHostile } from './speed/hostile.ts';
import { printThroughput } from './speed/throughput.ts';

const [cpu] = cpus();
console.log(`${cpu?.model ?? 'unknown CPU'}, ${cpus().length} cores, ${type()} ${release()} ${arch()}`);
console.log(`Node ${process.version}, ${process.execArgv.join(' ')} ${process.argv.slice(1).join(' ')}`);
console.log(`Measured: ${import.meta.resolve('@fr/bucket')}`);
printThroughput();
printFirstCalls();
printHostile();
