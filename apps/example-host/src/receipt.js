import { totalOf } from './price.js';

/** The receipt as it is printed. */
export function printReceipt(order) {
  const lines = order.lines.map(
    ({ what, count, cents }) => `${count} x ${what.padEnd(20)} ${euros(count * cents)}`,
  );
  return [...lines, '-'.repeat(32), `Total${' '.repeat(20)}${euros(totalOf(order))}`, ''].join('\n');
}

function euros(cents) {
  return (cents / 100).toFixed(2).padStart(7);
}
