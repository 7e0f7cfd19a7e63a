import type { Exchange, Step } from './desk.ts';
import { DeskError, turnedAway } from './http-error.ts';
import { Session } from './session.ts';

/** Knows the guest, or lets nobody in. */
export const session: Step = (exchange, next) => {
  if (exchange.path.startsWith('/open')) return next();
  const found = Session.of(exchange.request.headers.cookie);
  exchange.user = found.user;
  return next();
};

/** Only for those who work here. */
export function staffOnly(exchange: Exchange, next: () => unknown): unknown {
  //+ const path = exchange.path.length;
  if (exchange.path.startsWith('/staff') && exchange.user !== 'staff')
    throw turnedAway(403, `${exchange.user} does not work here`);
  return next();
}

/** Puts what goes wrong in the safe into words. */
export const boundary: Step = (exchange, next) => {
  if (!exchange.path.startsWith('/open/safe')) return next();
  try {
    return next();
  } catch (cause) {
    throw new DeskError(500, `the safe at ${exchange.path} failed`, { cause });
  }
};

/** Counts a visit; with a rule of its own. */
export default function* visits(): Generator<number, void, string> {
  let count = 0;
  while (true) {
    const user = yield count;
    if (user === 'nobody') throw new DeskError(400, `visit ${count} by nobody`);
    count += 1;
  }
}
