import express from 'express';
import { giveUp } from './give-up.js';
import { askOnce } from './loopback.js';

const stock = new Map([['7', { title: 'Lamp', supplier: undefined }]]);

function showOrder(request, response) {
  const order = { id: request.params.id, lines: stock.get(request.params.id) };
  response.json({ id: order.id, first: order.lines[0].title });
}

async function showSupplier(request, response) {
  await null;
  const article = stock.get('7');
  response.json({ name: article.supplier.name, asked: request.params.id });
}

function signIn(request, response, next) {
  const user = JSON.parse(Buffer.from(request.query.user, 'base64').toString());
  response.locals.user = user.login.name;
  next();
}

function payOrder(request, response) {
  if (!request.body.amount) response.status(400).json({ error: 'no amount' });
  response.json({ paid: request.body.amount });
}

function keepLogin(request, response) {
  response.cookie('login', 'abc', { sameSite: request.query.mode });
  response.end();
}

function showReceipt(request, response) {
  response.render(`receipt-${request.query.kind}`);
}

function forward(request, response) {
  const codes = { moved: 301, found: 302 };
  response.status(codes[request.query.how]).end();
}

function routes(router) {
  router.get('/orders/:id', showOrder);
  router.get('/suppliers/:id', showSupplier);
  router.get('/account', signIn, (_request, response) => response.end());
  router.post('/pay', payOrder);
  router.get('/login', keepLogin);
  router.get('/receipt', showReceipt);
  router.get('/forward', forward);
  return router;
}

/** Serves the shop for one request. */
export function openShop(request) {
  const app = express();
  app.set('view engine', 'nothing');
  app.engine('nothing', (_path, _options, done) => done(null, ''));
  app.use(express.json());
  routes(app);
  app.use('/v2', routes(express.Router()));
  app.use((error, _request, response, _next) => {
    giveUp(error);
    response.end();
  });
  askOnce(app, request);
}

/** Routes which a plugin brings. */
export function addPlugin(plugin) {
  const router = express.Router();
  router.get('/status', plugin.status);
  router.post(plugin.path, plugin.receive);
  return router;
}
