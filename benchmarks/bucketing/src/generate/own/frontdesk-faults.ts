/** An HTTP service: every request a call from nowhere, and a world outside that does not answer. */
import type { Fault, MessageData, Program, Way } from './fault.ts';

type Query = Readonly<Record<string, string>>;

function path(name: string, query: (data: MessageData) => Query): (data: MessageData) => unknown {
  return (data) => ({ path: `${name}?${new URLSearchParams(query(data))}` });
}

/** Through a socket, and the same without one. */
function both(input: (data: MessageData) => unknown): Way & Pick<Fault, 'also'> {
  return { operation: 'visit', input, also: [{ operation: 'call', input }] };
}

const rooms: readonly Fault[] = [
  {
    name: 'frontdesk-room-unknown',
    ...both(path('/open/room', (data) => ({ number: data.id }))),
    says: /undefined \(reading 'number'\)/,
  },
  {
    name: 'frontdesk-guests-unknown',
    ...both(path('/open/guests', () => ({ number: '2' }))),
    says: /undefined \(reading 'map'\)/,
  },
  {
    name: 'frontdesk-initials',
    ...both(path('/open/initials', (data) => ({ user: `${data.id}  x` }))),
    says: /undefined/,
  },
  {
    name: 'frontdesk-header-character',
    operation: 'visit',
    input: path('/open/bill', (data) => ({ guest: `\u0001${data.user}` })),
    says: /ERR_INVALID_CHAR/,
  },
  {
    name: 'frontdesk-status',
    operation: 'visit',
    input: path('/open/bill', (data) => ({ guest: 'x', status: String(data.number) })),
    says: /ERR_HTTP_INVALID_STATUS_CODE/,
  },
  {
    name: 'frontdesk-headers-sent',
    operation: 'visit',
    input: path('/open/bill', () => ({ guest: 'x', copy: 'yes' })),
    says: /ERR_HTTP_HEADERS_SENT/,
  },
  {
    name: 'frontdesk-time-zone',
    ...both(path('/open/clock', (data) => ({ zone: data.user }))),
    says: /time zone/,
  },
  {
    name: 'frontdesk-booking-json',
    operation: 'visit',
    input: (data) => ({ path: '/open/booking', body: data.text }),
    says: /^SyntaxError/,
  },
  {
    name: 'frontdesk-note-json',
    operation: 'visit',
    input: (data) => ({ path: '/open/note', body: data.user }),
    says: /^SyntaxError/,
  },
  {
    name: 'frontdesk-no-route',
    ...both((data) => ({ path: `/open/${encodeURIComponent(data.id)}` })),
    says: /in this house/,
  },
];

const people: readonly Fault[] = [
  {
    name: 'frontdesk-no-cookie',
    ...both((data) => ({ path: `/rooms?id=${encodeURIComponent(data.id)}` })),
    says: /401: no user/,
  },
  {
    name: 'frontdesk-old-cookie',
    ...both((data) => ({ path: '/rooms', cookie: `${encodeURIComponent(data.user)}:2019` })),
    says: /401: .* was here in/,
  },
  {
    name: 'frontdesk-not-staff',
    ...both((data) => ({ path: '/staff/keys?key=1', cookie: `${encodeURIComponent(data.user)}:2026` })),
    says: /does not work here/,
  },
  {
    name: 'frontdesk-master-key',
    ...both(() => ({ path: '/staff/keys?key=master', cookie: 'staff:2026' })),
    says: /may not have the master key/,
  },
  {
    name: 'frontdesk-safe-code',
    ...both(path('/open/safe/code', (data) => ({ code: data.id }))),
    says: /^DeskError .* failed$/,
  },
  {
    name: 'frontdesk-safe-box',
    ...both(path('/open/safe/box', (data) => ({ room: data.user }))),
    says: /^DeskError .* failed$/,
  },
  {
    name: 'frontdesk-nobody',
    operation: 'count',
    input: () => ({ users: ['a', 'b', 'nobody'] }),
    says: /by nobody/,
  },
];

const outside: readonly Fault[] = [
  {
    name: 'frontdesk-page-path',
    operation: 'pageRaw',
    input: (data) => ({ user: data.user }),
    says: /ERR_UNESCAPED_CHARACTERS/,
  },
  {
    name: 'frontdesk-weather-refused',
    operation: 'weather',
    input: (data) => ({ town: data.text }),
    says: /fetch failed/,
  },
  {
    name: 'frontdesk-post-refused',
    operation: 'post',
    input: (data) => ({ to: data.user }),
    says: /no post to/,
    also: [{ operation: 'postAll', input: (data) => [{ to: data.user }] }],
  },
  {
    name: 'frontdesk-post-greeting',
    operation: 'post',
    input: (data) => ({ to: data.user, greeting: `500 ${data.text}` }),
    says: /no post to/,
    also: [{ operation: 'postAll', input: (data) => [{ to: data.user, greeting: data.text }] }],
  },
  { name: 'frontdesk-knock-refused', operation: 'knock', input: () => ({}), says: /ECONNREFUSED/ },
  {
    name: 'frontdesk-address-not-ours',
    operation: 'openAt',
    input: (data) => ({ host: `192.0.2.${data.number % 200}` }),
    says: /EADDRNOTAVAIL/,
  },
];

export const frontdesk: Program = {
  name: 'frontdesk',
  format: 'esbuild-cjs',
  modules: [],
  renamed: { newDesk: 'deskWithSteps', found: 'lookedUp' },
  faults: [...rooms, ...people, ...outside],
};
