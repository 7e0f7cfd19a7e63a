import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** Reads an order: a list of lines with what, how many and the price of one, and perhaps a coupon. */
export function readOrder(file) {
  const order = parse(readFileSync(file, 'utf8'));
  return { coupon: order.coupon, lines: order.lines.map(toLine) };
}

function toLine({ what, count = 1, cents }) {
  return { what: String(what), count: Number(count), cents: Number(cents) };
}
