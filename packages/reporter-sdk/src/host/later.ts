import { fs } from '../builtin.ts';

/** Code that is needed at a failure only, by the file it is built into. */
export interface Later {
  readonly 'at-failure': typeof import('../noting/at-failure.ts');
  readonly bucketing: typeof import('../noting/bucketing.ts');
}

/**
 * Gets hold of code that is needed at a failure, and gives what makes a module of it. The text is read at once: when
 * the program fails the file may have been replaced by a newer release, or no descriptor may be left to open it with.
 * It is compiled when it is first needed; that takes longer than all the rest of starting.
 */
export function later<N extends keyof Later>(name: N): () => Later[N] {
  // From a checkout there is no built file.
  if (import.meta.filename.endsWith('.ts')) {
    const { createRequire } = process.getBuiltinModule('node:module');
    return () => createRequire(import.meta.filename)(`../noting/${name}.ts`) as Later[N];
  }
  const file = `${import.meta.dirname}/${name}.cjs`;
  const text = fs.readFileSync(file);
  let loaded: Later[N] | undefined;
  return () => {
    loaded ??= evaluate(text.toString('utf8'), file) as Later[N];
    return loaded;
  };
}

/** The file asks for nothing but globals and where it lies. */
function evaluate(text: string, filename: string): unknown {
  const { Script } = process.getBuiltinModule('node:vm');
  const script = new Script(`(function (module, __filename, __dirname) {${text}\n})`, { filename });
  const module = { exports: {} as unknown };
  (script.runInThisContext() as (...given: unknown[]) => void)(module, filename, import.meta.dirname);
  return module.exports;
}
