import type { RowFilter, RowOrder, RowState, Span } from '@fr/store';
import { parseDuration } from '@fr/sync';
import { ServerError } from '../http/server-error.ts';
import { numberParam, oneOf, type Params, textParam } from './verb.ts';

const TEXTS = ['program', 'programVersion', 'module', 'text', 'bucketId', 'problemId'] as const;
const STATES: readonly RowState[] = ['counted', 'pending', 'uploaded'];
const ORDERS: readonly RowOrder[] = ['hits', 'last-seen', 'first-seen'];

/**
 * The filter in a verb's parameters: `program`, `programVersion`, `module`, `text`, `bucketId`, `problemId`, `state`,
 * `order`; `hitsFrom`, `hitsBefore`; `seenFrom`, `seenBefore` for the last hit and `newFrom`, `newBefore` for the first:
 * milliseconds since 1970, a date as in `2026-11-20` or with a time, or how long ago, as in `2d`.
 */
export function rowFilterOf(params: Params, now: number = Date.now()): RowFilter {
  const texts = TEXTS.flatMap((name) => {
    const value = textParam(params, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const state = oneOf(params, 'state', STATES);
  const order = oneOf(params, 'order', ORDERS);
  const count = (name: string) => numberParam(params, name);
  const moment = (name: string) => momentParam(params, name, now);
  return {
    ...Object.fromEntries(texts),
    ...(state && { state }),
    ...(order && { order }),
    ...spanOf('hits', count('hitsFrom'), count('hitsBefore')),
    ...spanOf('lastSeen', moment('seenFrom'), moment('seenBefore')),
    ...spanOf('firstSeen', moment('newFrom'), moment('newBefore')),
  };
}

function spanOf(
  name: 'hits' | 'lastSeen' | 'firstSeen',
  from: number | undefined,
  before: number | undefined,
): Readonly<Record<string, Span>> {
  if (from === undefined && before === undefined) return {};
  return { [name]: { ...(from !== undefined && { from }), ...(before !== undefined && { before }) } };
}

/** Milliseconds since 1970. */
function momentParam(params: Params, name: string, now: number): number | undefined {
  const value = params[name];
  if (typeof value === 'number') return numberParam(params, name);
  const text = textParam(params, name);
  if (text === undefined) return undefined;
  if (/^\d{11,16}$/.test(text)) return Number(text);
  const ago = parseDuration(text);
  if (ago !== undefined) return now - ago;
  const at = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  throw new ServerError(
    'malformed',
    400,
    `"${name}" must be a date as in 2026-11-20, or how long ago, as in 2d.`,
  );
}
