import axios from 'axios';
import got from 'got';
import ky from 'ky';
import { Agent, request } from 'undici';
import { closedPort, rudeService, stub } from './loopback.js';

/** Stock of a partner. */
export async function partnerStock({ status, path }) {
  const address = status ? await stub(status, '{}') : `http://127.0.0.1:${await closedPort()}`;
  const { data } = await axios.get(`${address}/${path}`, { proxy: false });
  return data.stock;
}

/** Prices of a partner, who wraps what he sends. */
export async function partnerPrices({ body }) {
  const address = await stub(200, body);
  const client = axios.create({ baseURL: address, proxy: false });
  client.interceptors.response.use((response) => {
    response.data = response.data.envelope.prices;
    return response;
  });
  return (await client.get('/prices')).data;
}

/** What a partner says about itself. */
export async function partnerInfo({ status, path }) {
  const address = status ? await stub(status, '{}') : `http://127.0.0.1:${await closedPort()}`;
  const info = await got(`${address}/${path}`, { retry: { limit: 0 } }).json();
  return info.name;
}

/** Exchange rates. */
export async function rates({ status, body, path }) {
  const address = await stub(status, body);
  const table = await ky.get(`${address}/${path}`, { retry: 0 }).json();
  return table.rates.eur;
}

/** Delivery dates. */
export async function deliveries({ hangUp, path, method }) {
  const port = hangUp === undefined ? await closedPort() : await rudeService({ hangUp });
  const answer = await request(`http://127.0.0.1:${port}/${path}`, {
    method: method ?? 'GET',
    headersTimeout: 9000,
  });
  return answer.body.json();
}

function twoMachines(_name, _options, done) {
  const addresses = ['127.0.0.1', '127.0.0.2'].map((address) => ({ address, family: 4 }));
  done(null, addresses);
}

/** Stock of whichever of two machines answers. */
export async function nearestStock({ path }) {
  const dispatcher = new Agent({ connect: { lookup: twoMachines, autoSelectFamily: true } });
  const answer = await request(`http://stock.internal:${await closedPort()}/${path}`, { dispatcher });
  return answer.body.json();
}
