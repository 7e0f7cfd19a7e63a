import type { Exchange } from './desk.ts';
import { DeskError, turnedAway } from './http-error.ts';
import { Session } from './session.ts';

interface Room {
  readonly number: string;
  readonly guests?: readonly { readonly name: string }[];
}

const rooms = new Map<string, Room>([
  ['1', { number: '1', guests: [{ name: 'Ada' }] }],
  ['2', { number: '2' }],
]);

async function found(number: string): Promise<Room> {
  await null;
  return rooms.get(number);
}

/** By path. */
export const routes: Record<string, (exchange: Exchange) => unknown> = {
  '/open/room'({ query, response }) {
    const room = rooms.get(query.get('number'));
    response.end(room.number);
  },
  '/open/guests': async ({ query, response }) => {
    const room = await found(query.get('number'));
    //+ const { number } = room;
    const names = room.guests.map((guest) => guest.name);
    response.end(names.join());
  },
  '/open/initials': ({ query, response }) => {
    response.end(new Session(query.get('user'), 2026).initials);
  },
  '/staff/keys': function ({ query, response, user }) {
    if (query.get('key') === 'master') throw turnedAway(403, `${user} may not have the master key`);
    response.end(query.get('key'));
  },
  '/open/bill'({ query, response }) {
    response.setHeader('x-guest', query.get('guest'));
    //+ response.setHeader('x-desk', '1');
    response.writeHead(Number(query.get('status') ?? 200));
    response.end('bill');
    if (query.has('copy')) response.setHeader('x-copy', '1');
  },
  '/open/clock'({ query, response }) {
    const format = new Intl.DateTimeFormat('en', { timeZone: query.get('zone') });
    response.end(format.format(0));
  },
  '/open/booking'({ request, response }) {
    let text = '';
    request.on('data', (part: string) => {
      text += part;
    });
    request.on('end', () => {
      const booking = JSON.parse(text);
      response.end(booking.id);
    });
  },
  async '/open/note'({ request, response }) {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    //+ const count = parts.length;
    const note = JSON.parse(Buffer.concat(parts).toString());
    response.end(note.text);
  },
  '/open/safe/code'({ query, response }) {
    response.end(codeOf(query.get('code')));
  },
  '/open/safe/box'({ query, response }) {
    const box = rooms.get(query.get('room'));
    response.end(box.guests.length);
  },
};

function codeOf(text: string): string {
  if (text.length !== 4) throw new RangeError(`a code has four digits, not ${text.length}: ${text}`);
  return text;
}

/** Last step: the rooms. */
export function answer(exchange: Exchange): unknown {
  const route = routes[exchange.path];
  if (route === undefined) throw new DeskError(404, `no ${exchange.path} in this house`);
  return route(exchange);
}
