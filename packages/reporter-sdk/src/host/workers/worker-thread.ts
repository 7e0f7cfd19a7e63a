import { path } from '../../builtin.ts';

/** Node marks what a worker cannot do; asking `node:worker_threads` would load it, which takes 3 ms. */
export function inWorker(): boolean {
  return (process.chdir as { readonly disabled?: boolean }).disabled === true;
}

/**
 * The script by which the program's package.json is found: in a worker `argv[1]` is the worker's own, which may belong to
 * an installed module or be no file at all.
 */
export function scriptOfProgram(): string | undefined {
  const script = process.argv[1];
  if (script === undefined || !inWorker()) return script;
  const own = script.split(/[\\/]node_modules[\\/]/)[0] ?? '';
  return own === script ? script : path.join(own, 'index.js');
}
