// What each fault feeds to which function; `n` varies the data and `route` the way there, never the cause.
const words = ['apples', 'Birnen', 'k%C3%A4se', 'x-1', 'a-much-longer-word-than-the-others'];
const word = (n) => words[n % words.length];
const base = (route) => (route ? '/v2' : '');
const user = (value) => encodeURIComponent(Buffer.from(JSON.stringify(value)).toString('base64'));
const UUID = '2f1f3c1e-0c5c-4a3e-9a0e-7d1f2b3c4d5e';

function deepSchema(depth, leaf) {
  let schema = leaf;
  for (let level = 0; level < depth; level += 1)
    schema = { type: 'object', properties: { [`level${level}`]: schema } };
  return schema;
}

export const faults = {
  'express-handler': ['shop#openShop', (n, route) => ({ path: `${base(route)}/orders/${word(n)}` })],
  'express-async-handler': ['shop#openShop', (n, route) => ({ path: `${base(route)}/suppliers/${n}` })],
  'express-middleware': [
    'shop#openShop',
    (n, route) => ({ path: `${base(route)}/account?user=${user({ id: n })}` }),
  ],
  'express-middleware-json': [
    'shop#openShop',
    (n, route) => ({
      path: `${base(route)}/account?user=${encodeURIComponent(Buffer.from(`{${n}`).toString('base64'))}`,
    }),
  ],
  'express-double-answer': [
    'shop#openShop',
    (n, route) => ({ method: 'POST', path: `${base(route)}/pay`, body: `{"note":"${word(n)}"}` }),
  ],
  'express-body-not-json': [
    'shop#openShop',
    (n, route) => ({ method: 'POST', path: `${base(route)}/pay`, body: `{"amount":${word(n)}}` }),
  ],
  'express-body-charset': [
    'shop#openShop',
    (n, route) => ({
      method: 'POST',
      path: `${base(route)}/pay`,
      body: '{}',
      type: `application/json; charset=x-${n}`,
    }),
  ],
  'express-cookie-option': [
    'shop#openShop',
    (n, route) => ({ path: `${base(route)}/login?mode=${word(n)}` }),
  ],
  'express-no-view': ['shop#openShop', (n, route) => ({ path: `${base(route)}/receipt?kind=${word(n)}` })],
  'express-status-undefined': [
    'shop#openShop',
    (n, route) => ({ path: `${base(route)}/forward?how=${word(n)}` }),
  ],
  'express-bad-percent': ['shop#openShop', (n, route) => ({ path: `${base(route)}/orders/%zz${n}` })],
  'express-no-callback': ['shop#addPlugin', (n) => ({ path: `/${word(n)}`, receive() {} })],
  'express-no-callback-post': ['shop#addPlugin', (n) => ({ path: `/${word(n)}`, status() {} })],
  'fastify-handler': ['desk#openDesk', (n, route) => ({ path: `${base(route)}/items?filter=${word(n)}` })],
  'fastify-hook': ['desk#openDesk', (n, route) => ({ path: `${base(route)}/private?${word(n)}` })],
  'fastify-body-refused': [
    'desk#openDesk',
    (n, route) => ({ method: 'POST', path: `${base(route)}/items`, payload: { skew: word(n) } }),
  ],
  'fastify-body-not-json': [
    'desk#openDesk',
    (n, route) => ({
      method: 'POST',
      path: `${base(route)}/items`,
      payload: `{${word(n)}`,
      headers: { 'content-type': 'application/json' },
    }),
  ],
  'fastify-answer-incomplete': [
    'desk#openDesk',
    (n, route) => ({ path: `${base(route)}/last?title=${word(n)}` }),
  ],
  'fastify-route-twice': ['desk#addTenantRoutes', (n) => [`/${word(n)}`, `/${word(n)}`]],
  'fastify-plugin-hangs': ['desk#startPlugins', (n) => [`plugin-${word(n)}`]],
  'koa-middleware': [
    'kiosk#openKiosk',
    (n, route) => ({ open: route, path: `/t?token=${word(n)}&row=${'XYZ'[n % 3]}` }),
  ],
  'koa-after-next': ['kiosk#openKiosk', (n) => ({ open: true, path: `/${word(n)}?token=0` })],
  'koa-throw': ['kiosk#openKiosk', (n) => ({ path: `/${word(n)}` })],
  'koa-assert': ['kiosk#openKiosk', (n, route) => ({ open: route, path: `/t?token=${word(n)}` })],
  'http-errors-parcel': ['problems#trackParcel', (n) => ({ parcels: {}, id: n })],
  'http-errors-order': ['problems#customerOf', (n) => ({ orders: {}, id: n })],
  'http-errors-customer': ['problems#customerOf', (n) => ({ orders: { [n]: {} }, id: n })],
  'boom-refund': ['problems#refund', (n) => ({ order: { paid: n }, amount: 99 })],
  'boom-reschedule': ['problems#reschedule', (n) => ({ order: { paid: n }, days: -1 - n })],
  'jwt-bad-signature': ['tokens#deviceOf', (n) => ({ secret: `other ${n}` })],
  'jwt-expired': ['tokens#deviceOf', (n) => ({ lifetime: -10 - n })],
  'jwt-malformed': ['tokens#deviceOf', (n) => ({ raw: `${n}.${word(n)}` })],
  'jwt-malformed-callback': ['tokens#deviceLater', (n) => ({ raw: `${n}.${word(n)}` })],
  'jwt-bad-lifetime': ['tokens#issue', (n) => ({ device: n, lifetime: `soon ${word(n)}` })],
  'zod-order': ['schemas#parseOrder', (n) => ({ id: UUID, lines: [{ sku: word(n), count: n + 0.5 }] })],
  'zod-customer': ['schemas#parseCustomer', (n) => ({ name: word(n), mail: `${word(n)} at home` })],
  'zod-transform': ['schemas#parseCoupon', (n) => ({ coupon: `SPRING${n}` })],
  'zod-validation-error': ['schemas#parsePartnerOrder', (n) => ({ id: word(n), lines: [] })],
  'joi-address': ['rules#checkAddress', (n) => ({ street: word(n), zip: `1${n}` })],
  'joi-bad-rule': ['rules#tenantRule', (n) => ({ shortest: word(n) })],
  'ajv-unknown-keyword': ['rules#compileCheck', (n) => ({ type: 'object', [`x${n}y`]: true })],
  'ajv-missing-reference': ['rules#compileCheck', (n) => ({ $ref: `#/definitions/${word(n)}` })],
  'ajv-invalid-schema': ['rules#compileCheck', (n) => deepSchema(3 + (n % 3), { type: 'strng' })],
  'ajv-unknown-format': [
    'rules#checkDates',
    (n) => ({ schema: { formats: ['date'], rule: { type: 'string', format: `day-${word(n)}` } }, data: '' }),
  ],
  'ajv-no-rule': ['rules#checkDates', (n) => ({ schema: { formats: ['date'] }, data: word(n) })],
  'ajv-own-keyword': ['rules#checkHours', (n) => [{ from: `1${n}:00` }]],
  'ws-message-not-json': ['live#openLive', (n) => ({ message: `{${word(n)}` })],
  'ws-message-no-seat': ['live#openLive', (n) => ({ message: `{"sit":${n}}` })],
  'ws-pong': ['live#openLive', (n) => ({ heard: { on: n } })],
  'ws-reserved-opcode': ['live#openLive', (n) => ({ raw: [0x83 + (n % 4), 0x80, 0, 0, 0, 0] })],
  'ws-unmasked': ['live#openLive', (n) => ({ raw: [0x81, 0x01 + n, 97] })],
  'ws-bad-address': ['live#follow', (n) => `feeds/${word(n)}`],
  'ws-bad-scheme': ['live#follow', (n) => `ftp://127.0.0.1/${word(n)}`],
  'ws-refused': ['live#followNeighbour', (n) => ({ path: word(n) })],
  'ws-not-open': ['live#greet', (n) => ({ name: word(n) })],
  'pino-serializer': ['journal#logPayment', (n) => ({ card: { digits: n } })],
  'pino-bad-level': ['journal#openJournal', (n) => ({ level: `loud${n}` })],
  'graphql-resolver': ['catalog#answer', (n) => `{ article(id: "${word(n)}") { title } }`],
  'graphql-async-resolver': ['catalog#answer', (n) => `{ a${n}: top { title } }`],
  'graphql-unknown-field': ['catalog#answer', (n) => `{ article(id: 1) { title${n} } }`],
  'graphql-syntax': ['catalog#operationsIn', (n) => `{ article(id: ${n} { title }`],
  'graphql-unknown-type': ['catalog#tenantSchema', (n) => `extend type Query { own: Own${n} }`],
  'graphql-tools-resolver': ['catalog#pluginSchema', (n) => ({ Query: { [`other${n}`]: () => null } })],
  'dataloader-batch': ['catalog#priceOf', (n) => `${n + 2}`],
  'dataloader-length': ['catalog#titleOf', (n) => ['1', `${n + 5}`]],
};
