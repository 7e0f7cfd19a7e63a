import { flagParam, neededParam, type Verb } from '@fr/server';
import type { Upward } from '../site/upward.ts';

/** `export`, `import`: what is carried by hand to a vendor and back where no network is. */
export function bundleVerbs(upward: Upward): readonly Verb[] {
  // One at a time: what one has carried the next has to know of.
  let turn: Promise<unknown> = Promise.resolve();
  function inTurn<T>(run: () => Promise<T>): Promise<T> {
    const mine = turn.then(run);
    turn = mine.catch(() => undefined);
    return mine;
  }
  return [
    {
      name: 'export',
      acts: true,
      run: (params) =>
        inTurn(() => upward.exportTo(neededParam(params, 'file'), flagParam(params, 'oneWay'))),
    },
    {
      name: 'import',
      acts: true,
      run: (params) => inTurn(() => upward.importFrom(neededParam(params, 'file'))),
    },
  ];
}
