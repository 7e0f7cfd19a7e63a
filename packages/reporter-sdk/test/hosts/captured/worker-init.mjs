import { isMainThread, Worker } from 'node:worker_threads';

const { init } = await import(process.env.SDK);
const fr = init();
if (isMainThread) new Worker(new URL(import.meta.url)).on('exit', (code) => console.log('ended with', code));
else fr.captureException(new TypeError('handled in a worker'));
