import Boom from '@hapi/boom';
import createError from 'http-errors';

function notFound(what) {
  return createError(404, `${what} not found`, { what });
}

function refuse(reason, data) {
  throw Boom.badRequest(reason, data);
}

function required(value, what) {
  if (value === undefined) throw notFound(what);
  return value;
}

/** Where a parcel is. */
export function trackParcel({ parcels, id }) {
  const parcel = parcels[id];
  if (!parcel) throw notFound(`parcel ${id}`);
  return parcel.steps.at(-1);
}

/** Which customer ordered. */
export function customerOf({ orders, id }) {
  const order = required(orders[id], `order ${id}`);
  return required(order.customer, `customer of ${id}`);
}

/** Money back. */
export function refund({ order, amount }) {
  if (order.paid < amount) refuse(`only ${order.paid} were paid`, { order });
  return { ...order, paid: order.paid - amount };
}

/** A new date of delivery. */
export function reschedule({ order, days }) {
  if (days < 0) refuse(`${days} days is in the past`, { days });
  return { ...order, days };
}
