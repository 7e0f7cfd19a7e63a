/** A job worker: most of it happens later, elsewhere, or at the same time. */
import type { Fault, MessageData, Program } from './fault.ts';

function parcel(changes: Readonly<Record<string, unknown>>): (data: MessageData) => unknown {
  return (data) => ({ id: data.id, to: data.user, grams: 10, stops: [{ street: data.text }], ...changes });
}

function depots(north: string, south: string): (data: MessageData) => unknown {
  return (data) => ({ id: data.id, depots: { north, south } });
}

function work(payload: string, template: string | null = 'T'): (data: MessageData) => unknown {
  return (data) => ({ id: data.id, payload, template });
}

const byId = (data: MessageData): unknown => ({ id: data.id });

const deliveries: readonly Fault[] = [
  {
    name: 'courier-parcel-weight',
    operation: 'deliver',
    input: (data) => ({ id: data.id, to: data.user, grams: 30_000 + data.number, stops: [] }),
    says: /JobError .* weighs/,
    also: [{ operation: 'express', input: parcel({ grams: 99_999 }) }],
  },
  {
    name: 'courier-route-missing',
    operation: 'deliver',
    input: parcel({ stops: undefined }),
    says: /undefined \(reading 'map'\)/,
    also: [{ operation: 'express', input: parcel({ stops: undefined }) }],
  },
  {
    name: 'courier-street-missing',
    operation: 'deliver',
    input: parcel({ stops: [{ street: 'Kade' }, { name: 'Dam' }] }),
    says: /undefined \(reading 'toUpperCase'\)/,
  },
  {
    name: 'courier-dead-end',
    operation: 'deliver',
    input: (data) => ({
      id: data.id,
      to: 'x',
      grams: 1,
      stops: [{ street: 'Kade' }, { street: `dead end ${data.user}` }],
    }),
    says: /no way through/,
    also: [{ operation: 'express', input: parcel({ stops: [{ street: 'dead end' }] }) }],
  },
  { name: 'courier-no-stop', operation: 'deliver', input: parcel({ stops: [] }), says: /no stop for/ },
  { name: 'courier-ring', operation: 'ring', input: parcel({}), says: /Unreachable .* ring 3/ },
  {
    name: 'courier-fragile',
    operation: 'express',
    input: parcel({ fragile: true }),
    says: /is fragile/,
    also: [{ operation: 'insure', input: parcel({ fragile: true }) }],
  },
  { name: 'courier-any-both-full', operation: 'any', input: depots('full', 'full'), says: /AggregateError/ },
  {
    name: 'courier-any-full-and-gone',
    operation: 'any',
    input: depots('full', 'gone'),
    says: /AggregateError/,
  },
  {
    name: 'courier-all-both-full',
    operation: 'all',
    input: depots('full', 'full'),
    says: /2 depots refused/,
  },
  {
    name: 'courier-all-east-gone',
    operation: 'all',
    input: depots('gone', 'open'),
    says: /1 depots refused/,
  },
  { name: 'courier-island-flooded', operation: 'first', input: byId, says: /water over/ },
];

const queues: readonly Fault[] = [
  {
    name: 'courier-bulk-flushed',
    operation: 'flush',
    input: (data) => ({ id: data.id, kind: 'bulk' }),
    says: /too much at once/,
    also: [{ operation: 'finish', input: (data) => ({ id: data.id, kind: 'bulk' }) }],
  },
  {
    name: 'courier-void-flushed',
    operation: 'flush',
    input: (data) => ({ id: data.id, kind: 'void' }),
    says: /nothing to do in/,
    also: [{ operation: 'finish', input: (data) => ({ id: data.id, kind: 'void' }) }],
  },
  {
    name: 'courier-complaint',
    operation: 'complain',
    input: (data) => ({ text: data.text }),
    says: /ERR_UNHANDLED_ERROR/,
  },
  {
    name: 'courier-listener-count',
    operation: 'announce',
    input: (data) => ({ id: data.id, kind: 'x', payload: '{"lines":[{}]}' }),
    says: /undefined \(reading 'toFixed'\)/,
  },
  {
    name: 'courier-listener-sign',
    operation: 'announce',
    input: (data) => ({ id: data.id, kind: 'sign' }),
    says: /nobody signed/,
  },
];

const clock: readonly Fault[] = [
  { name: 'courier-remind-driver', operation: 'remind', input: byId, says: /undefined/ },
  { name: 'courier-afterwards', operation: 'afterwards', input: byId, says: /no driver afterwards/ },
  { name: 'courier-at-once', operation: 'atOnce', input: byId, says: /no driver at once/ },
  { name: 'courier-next-tick', operation: 'nextTick', input: byId, says: /no driver assigned/ },
  { name: 'courier-patrol', operation: 'patrol', input: byId, says: /lost its way/ },
  { name: 'courier-wait-aborted', operation: 'wait', input: byId, says: /AbortError|TimeoutError/ },
  { name: 'courier-called-off', operation: 'cancel', input: byId, says: /was called off/ },
];

const streams: readonly Fault[] = [
  {
    name: 'courier-label-thrown',
    operation: 'throwLabels',
    input: (data) => ({ parts: ['a', `!${data.text}`] }),
    says: /cannot label/,
    also: [{ operation: 'labels', input: (data) => ({ parts: ['a', `!${data.user}`] }) }],
  },
  {
    name: 'courier-label-passed',
    operation: 'labels',
    input: (data) => ({ parts: ['a', `?${data.text}`] }),
    says: /do not know/,
  },
  {
    name: 'courier-scan-empty',
    operation: 'scan',
    input: (data) => ({ codes: [data.id, ''] }),
    says: /nothing scanned/,
    also: [{ operation: 'scanStream', input: (data) => ({ codes: [data.id, ''] }) }],
  },
  { name: 'courier-belt', operation: 'belt', input: byId, says: /the belt broke/ },
];

const jobs: readonly Fault[] = [
  {
    name: 'courier-work-payload-json',
    operation: 'work',
    input: (data) => ({ id: data.id, payload: data.text, template: 'T' }),
    says: /JobError .* failed$/,
    also: [{ operation: 'allWork', input: (data) => [{ id: data.id, payload: data.user, template: 'T' }] }],
  },
  {
    name: 'courier-work-payload-lines',
    operation: 'work',
    input: work('{"lines":3}'),
    says: /JobError .* failed$/,
    also: [{ operation: 'allWork', input: (data) => [{ id: data.id, payload: '{}', template: 'T' }] }],
  },
  {
    name: 'courier-work-template',
    operation: 'work',
    input: work('{"lines":[]}', null),
    says: /JobError .* failed$/,
    also: [
      { operation: 'allWork', input: (data) => [{ id: data.id, payload: '{"lines":[]}', template: null }] },
    ],
  },
  {
    name: 'courier-rethrown-json',
    operation: 'plain',
    input: (data) => ({ id: data.id, payload: data.text }),
    says: /^SyntaxError/,
  },
  {
    name: 'courier-rethrown-lines',
    operation: 'plain',
    input: work('{"lines":"one"}'),
    says: /has no lines/,
  },
  { name: 'courier-quiet', operation: 'quiet', input: work('{}'), says: /did not work out/ },
  { name: 'courier-scales', operation: 'weigh', input: work('12345'), says: /scales broke/ },
  { name: 'courier-leftovers', operation: 'start', input: work('x'), says: /leftovers of/ },
  {
    name: 'courier-sweep',
    operation: 'clean',
    input: (data) => ({ id: data.id, payload: data.text }),
    says: /cannot sweep/,
  },
  { name: 'courier-hand-over', operation: 'handOver', input: work('x'), says: /could not be cloned/ },
  {
    name: 'courier-thrown-text',
    operation: 'shout',
    input: byId,
    says: /refused$/,
    atOnce: true,
    frameless: true,
  },
  {
    name: 'courier-thrown-object',
    operation: 'grumble',
    input: byId,
    says: /E_LEGACY/,
    atOnce: true,
    frameless: true,
  },
  {
    name: 'courier-thrown-null',
    operation: 'vanish',
    input: () => ({}),
    says: /null$/,
    atOnce: true,
    frameless: true,
  },
  {
    name: 'courier-rejected-text',
    operation: 'mumble',
    input: byId,
    frameless: true,
    says: /ERR_UNHANDLED_REJECTION/,
  },
];

export const courier: Program = {
  name: 'courier',
  format: 'tsc-cjs',
  modules: [],
  renamed: { sink: 'nowhere', staffedQueue: 'queueWithStaff' },
  faults: [...deliveries, ...queues, ...clock, ...streams, ...jobs],
};
