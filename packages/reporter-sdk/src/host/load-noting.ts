import { fs, url } from '../builtin.ts';

type AtFailure = typeof import('../noting/at-failure.ts');

/**
 * Gets hold of the code that is needed at a failure, and gives what makes a module of it. The text is read at once: when
 * the program fails the file may have been replaced by a newer release, or no descriptor may be left to open it with.
 * It is compiled at the first failure only; that takes longer than all the rest of starting.
 */
export function notingLoader(): () => AtFailure {
  // From a checkout there is no built file.
  if (import.meta.url.endsWith('.ts')) {
    const { createRequire } = process.getBuiltinModule('node:module');
    return () => createRequire(import.meta.url)('../noting/at-failure.ts') as AtFailure;
  }
  const file = url.fileURLToPath(new URL('./at-failure.cjs', import.meta.url));
  const text = fs.readFileSync(file);
  let loaded: AtFailure | undefined;
  return () => {
    loaded ??= evaluate(text.toString('utf8'), file);
    return loaded;
  };
}

/** The file asks for nothing but globals. */
function evaluate(text: string, filename: string): AtFailure {
  const { Script } = process.getBuiltinModule('node:vm');
  const body = new Script(`(function (module) {${text}\n})`, { filename }).runInThisContext() as (module: {
    exports: object;
  }) => void;
  const module = { exports: {} };
  body(module);
  return module.exports as AtFailure;
}
