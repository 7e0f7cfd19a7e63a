// What each fault feeds to which function; `n` varies the data and `route` the way there, never the cause.
import { mkdirSync, writeFileSync } from 'node:fs';

const words = ['apples', 'Birnen', 'k%C3%A4se', 'x-1', 'a-much-longer-word-than-the-others'];
const word = (n) => words[n % words.length];
const base = (route) => (route ? '/api' : '');

function inbox(n) {
  mkdirSync(`data/inbox${n}`, { recursive: true });
  writeFileSync(`data/inbox${n}/${word(n)}.txt`, '');
  return `data/inbox${n}`;
}

export const faults = {
  'express5-async-handler': [
    'shop-front#openFront',
    (n, route) => ({ path: `${base(route)}/basket?id=${word(n)}` }),
  ],
  'express5-not-json': ['shop-front#openFront', (n, route) => ({ path: `${base(route)}/total?total=${n}` })],
  'express5-bad-number': [
    'shop-front#openFront',
    (n, route) => ({ path: `${base(route)}/total?total=${word(n)}` }),
  ],
  'express5-no-body': [
    'shop-front#openFront',
    (n, route) => ({ method: 'POST', path: `${base(route)}/basket?${word(n)}` }),
  ],
  'express5-empty-lines': [
    'shop-front#openFront',
    (n, route) => ({ method: 'POST', path: `${base(route)}/basket`, body: `{"note":${n},"lines":[]}` }),
  ],
  'express5-bad-pattern': ['shop-front#configuredRoutes', (n) => [`/${word(n)}/:`]],
  'axios-refused': ['partners#partnerStock', (n) => ({ path: word(n) })],
  'axios-status': ['partners#partnerStock', (n) => ({ status: 500 + (n % 4), path: word(n) })],
  'axios-interceptor': ['partners#partnerPrices', (n) => ({ body: `{"n":${n}}` })],
  'got-refused': ['partners#partnerInfo', (n) => ({ path: word(n) })],
  'got-status': ['partners#partnerInfo', (n) => ({ status: 404 + (n % 3), path: word(n) })],
  'ky-status': ['partners#rates', (n) => ({ status: 404 + (n % 3), body: '{}', path: word(n) })],
  'ky-not-json': ['partners#rates', (n) => ({ status: 200, body: `<p>${word(n)}`, path: word(n) })],
  'ky-no-rates': ['partners#rates', (n) => ({ status: 200, body: '{}', path: word(n) })],
  'undici-refused': ['partners#deliveries', (n) => ({ path: word(n) })],
  'undici-hung-up': ['partners#deliveries', (n) => ({ hangUp: true, path: word(n) })],
  'undici-two-addresses': ['partners#nearestStock', (n) => ({ path: word(n) })],
  'undici-bad-method': ['partners#deliveries', (n) => ({ path: word(n), method: `GE T${n}` })],
  'p-queue-task': ['pipeline#resizeAll', (n) => [{ size: 'small' }, { size: word(n) }]],
  'p-queue-timeout': ['pipeline#scan', (n) => ({ patience: 20 + n })],
  'async-worker': ['pipeline#printAll', (n) => [{ pages: [1] }, { page: n }]],
  'async-called-twice': ['pipeline#load', (n) => ({ first: n, eager: word(n) })],
  'bluebird-map': ['pipeline#totals', (n) => [{ lines: [] }, { lins: n }]],
  'bluebird-any': ['pipeline#fastestMirror', (n) => [{ id: n }, { id: word(n) }]],
  'bluebird-timeout': ['pipeline#warmUp', (n) => ({ patience: 20 + n })],
  'rxjs-subscriber': ['streams#showPrices', (n) => [{ value: 1 }, { price: n }]],
  'rxjs-map': ['streams#soldNames', (n) => [{ article: { name: 'a' } }, { id: n }]],
  'rxjs-interval': ['streams#countDown', (n) => ({ names: ['a', word(n)] })],
  'rxjs-empty': ['streams#firstReading', (n) => ({ readings: [], sensor: n })],
  'rxjs-timeout': ['streams#heartbeat', (n) => ({ patience: 10 + n })],
  'chokidar-listener': ['streams#watchInbox', (n) => ({ folder: inbox(n) })],
  'pg-refused': ['stores#openOrders', (n) => ({ table: word(n) })],
  'pg-client-refused': ['stores#openReports', (n) => ({ user: word(n) })],
  'ioredis-retries': ['stores#sessionsOf', (n) => ({ user: word(n) })],
  'ioredis-refused': ['stores#openCache', (n) => ({ name: word(n) })],
  'mysql2-refused': ['stores#oldArticles', (n) => ({ database: word(n) })],
  'nodemailer-refused': ['stores#sendReceipt', (n) => ({ to: `${word(n)}@example.com` })],
  'nodemailer-no-file': ['stores#sendStored', (n) => ({ path: `/nowhere/${word(n)}.txt` })],
  'winston-format': ['stores#logPayment', (n) => ({ carte: word(n) })],
};
