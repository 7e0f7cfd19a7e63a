import Koa from 'koa';
import { giveUp } from './give-up.js';
import { askOnce } from './loopback.js';

async function timing(context, next) {
  await next();
  context.set('x-kind', context.state.kind.toString());
}

async function onlyMembers(context, next) {
  const token = context.query.token;
  if (token === undefined) context.throw(401, `no token for ${context.path}`);
  context.state.kind = token;
  await next();
}

async function showTicket(context) {
  context.assert(context.query.row, 404, `ticket ${context.query.token} has no row`);
  const seat = { A: 1, B: 2 }[context.query.row];
  context.body = seat.toFixed(0);
}

/** Serves the kiosk for one request. */
export function openKiosk({ path, open }) {
  const app = new Koa();
  app.silent = true;
  app.on('error', giveUp);
  app.use(timing);
  if (!open) app.use(onlyMembers);
  app.use(async (context, next) => (context.query.token === '0' ? undefined : next()));
  app.use(showTicket);
  askOnce(app.callback(), { path });
}
