import type { Captures } from './scenario-captures.ts';
import type { StartCost } from './scenario-costs.ts';
import type { DeathTaken } from './scenario-loss.ts';
import type { ServerState } from './server.ts';

/** Everything measured of one product; rounds stand at the same index for all. */
export interface Measured {
  readonly start: StartCost[];
  readonly crash: Readonly<Record<ServerState, (number | undefined)[]>>;
  readonly big: (number | undefined)[];
  readonly deaths: Map<string, DeathTaken>;
  wireBytes?: number;
  later?: boolean;
  captures?: Captures;
}

export function newMeasured(): Measured {
  return {
    start: [],
    crash: { up: [], 'slow 1 s': [], refused: [], 'black hole': [] },
    big: [],
    deaths: new Map(),
  };
}
