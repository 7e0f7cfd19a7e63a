import Fastify from 'fastify';
import { giveUp } from './give-up.js';

const ITEM = { type: 'object', required: ['sku'], properties: { sku: { type: 'string' } } };

async function listItems(request) {
  const filter = { open: { done: false } }[request.query.filter];
  return { done: filter.done };
}

async function checkKey(request) {
  const key = request.headers['x-key'];
  request.tenant = key.split('-')[0];
}

async function addItem(request) {
  return { added: request.body.sku };
}

async function lastItem(request) {
  return { title: request.query.title };
}

function routes(app, _options, done) {
  app.get('/items', listItems);
  app.get('/private', { preHandler: checkKey }, async () => 'ok');
  app.post('/items', { schema: { body: ITEM } }, addItem);
  app.get('/last', { schema: { response: { 200: ITEM } } }, lastItem);
  done();
}

/** Serves the desk for one request. */
export async function openDesk(request) {
  const app = Fastify();
  app.setErrorHandler((error, _request, reply) => {
    giveUp(error);
    reply.send('');
  });
  app.register(routes);
  app.register(routes, { prefix: '/v2' });
  await app.inject({ ...request, method: request.method ?? 'GET' });
}

/** Adds what a tenant brings along. */
export function addTenantRoutes(paths) {
  const app = Fastify();
  for (const path of paths) app.get(path, listItems);
  return app;
}

/** Starts with plugins of which one may hang. */
export async function startPlugins(names) {
  const app = Fastify({ pluginTimeout: 20 });
  for (const name of names) {
    const plugin = (_app, _options, _done) => {};
    plugin[Symbol.for('fastify.display-name')] = name;
    app.register(plugin);
  }
  app.ready((error) => {
    if (error) giveUp(error);
  });
  setTimeout(() => {}, 1000);
}
