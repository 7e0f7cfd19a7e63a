import express from 'express';
import { giveUp } from './give-up.js';
import { askOnce } from './loopback.js';

async function showBasket(request, response) {
  await null;
  const basket = { a: { lines: [] } }[request.query.id];
  response.json(basket.lines);
}

function showTotal(request, response) {
  const total = BigInt(request.query.total);
  response.json({ total });
}

function addRoutes(app) {
  app.get('/basket', showBasket);
  app.get('/total', showTotal);
  app.post('/basket', (request, response) => {
    const [first] = request.body.lines;
    response.json({ first: first.sku });
  });
  return app;
}

/** Serves the front for one request. */
export function openFront(request) {
  const app = express();
  app.use(express.json());
  addRoutes(app);
  app.use('/api', addRoutes(express.Router()));
  app.use((error, _request, response, _next) => {
    giveUp(error);
    response.end();
  });
  askOnce(app, request);
}

/** Routes that the operator wrote into a file. */
export function configuredRoutes(paths) {
  const router = express.Router();
  for (const path of paths) router.get(path, showBasket);
  return router;
}
