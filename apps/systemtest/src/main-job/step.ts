import type { Recorded } from '../harness/recording-proxy.ts';

/** Something that travelled during a step. */
export interface Movement {
  readonly hop: string;
  readonly what: string;
  readonly headerBytes: number;
  readonly payloadBytes: number;
}

/** Something that must have been seen. */
export interface Observation {
  readonly what: string;
  readonly seen: boolean;
  /** What was there instead, where it was not seen. */
  readonly instead?: string;
}

/** One step of the main job, done and looked at. */
export interface Step {
  readonly title: string;
  /** What it means, for somebody who has never seen fr. */
  readonly story: string;
  readonly movements: readonly Movement[];
  readonly observations: readonly Observation[];
}

/** States an observation; `actual` is printed where it was not made. */
export function observed(what: string, seen: boolean, actual?: unknown): Observation {
  return seen
    ? { what, seen }
    : { what, seen, instead: typeof actual === 'string' ? actual : JSON.stringify(actual) };
}

/** A recorded request in words. */
export function movementOf(hop: string, request: Recorded): Movement {
  return {
    hop,
    what: describe(request),
    headerBytes: request.headerBytes,
    payloadBytes: request.payloadBytes,
  };
}

function describe({ path, body, status }: Recorded): string {
  if (path === '/v1/hits')
    return status === 204 ? 'a hit; nothing more is wanted' : 'a hit; the reply asks for more';
  if (path === '/v1/offers') return 'an offer: buckets and totals, then the question';
  return `an entry: ${partTypes(body).join(', ')}`;
}

/** Information types in a recorded entry. */
export function partTypes(body: Buffer): readonly string[] {
  const header = JSON.parse(body.toString('utf8').split('\n')[1] ?? '{}') as {
    parts?: readonly { type: string }[];
  };
  return (header.parts ?? []).map(({ type }) => type);
}
