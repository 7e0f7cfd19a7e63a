import { util } from '../builtin.ts';

const ACT: unique symbol = Symbol.for('fr.reporter.act');

/**
 * What a function of the program gives, unless it throws or takes longer than so many milliseconds: then nothing. V8 ends
 * code that runs too long only where that began as a script of its own, so one is made that calls it.
 */
export function bounded<T>(act: () => T, ms: number): { readonly value: T } | undefined {
  const { Script } = process.getBuiltinModule('node:vm');
  const holder = globalThis as { [ACT]?: () => void };
  let given: { readonly value: T } | undefined;
  try {
    holder[ACT] = () => {
      given = { value: act() };
    };
    new Script('globalThis[Symbol.for("fr.reporter.act")]()').runInThisContext({
      timeout: ms,
      displayErrors: false,
    });
  } catch {
    given = undefined;
  } finally {
    delete holder[ACT];
  }
  if (given === undefined || !util.types.isPromise(given.value)) return given;
  // Nobody waits for it; a rejection must not become a failure of the program.
  Promise.prototype.then.call(given.value, undefined, () => undefined);
  return undefined;
}
