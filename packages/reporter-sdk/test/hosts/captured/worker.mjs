// How the worker fails and whether its parent handles that come from the command line.
import { isMainThread, Worker } from 'node:worker_threads';

const [, , how, parent, inside] = process.argv;

function count(drawer) {
  return drawer.coins.length;
}

if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url), {
    argv: [how],
    ...(how === 'memory' ? { resourceLimits: { maxOldGenerationSizeMb: 20 } } : {}),
    ...(inside === 'without' ? { execArgv: [] } : {}),
  });
  if (parent === 'handles') worker.on('error', () => console.log('handled'));
  worker.on('exit', (code) => setTimeout(() => console.log('worker ended with', code), 50));
} else if (how === 'throws') count({});
else if (how === 'text') throw 'no coins';
else if (how === 'rejects') void Promise.resolve({}).then(count);
else if (how === 'memory') {
  const kept = [];
  for (;;) kept.push(new Array(10_000).fill({}));
}
